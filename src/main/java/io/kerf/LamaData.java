package io.kerf;

import io.kerf.eval.DataHome;
import io.kerf.eval.Sampling;
import io.kerf.eval.lama.Lama;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * LAMA's files in a place of the user's: {@code lamaData(folder).lama("trex")}.
 *
 * @param folder holds {@code TREx}, {@code Google_RE}, {@code Squad}, {@code ConceptNet} itself, or
 *     in {@code data} as LAMA's own archive does, or in {@code lama}
 */
public record LamaData(Path folder) {
  public LamaData {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("no folder " + folder);
    }
  }

  private Lama lama() {
    return Lama.in(DataHome.usual().first(folder));
  }

  /** The names of the corpora whose data are there, or in the usual places. */
  public List<String> available() {
    return lama().available();
  }

  /** As {@link Kerf#lama(String...)}; what the folder lacks is looked for in the usual places. */
  public LamaTasks lama(String... corpora) {
    return LamaTasks.of(lama(), task -> task, corpora);
  }

  /** As {@link Kerf#lama(int, String...)}. */
  public LamaTasks lama(int factsOfEachRelation, String... corpora) {
    Sampling some = Sampling.first(factsOfEachRelation);
    return LamaTasks.of(lama(), task -> task.ofEachRelation(some), corpora);
  }
}
