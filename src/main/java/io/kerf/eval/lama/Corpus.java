package io.kerf.eval.lama;

import io.kerf.rows.DataFile;
import java.util.List;

/**
 * Facts and the files they came from.
 *
 * @param name "squad", "trex"
 */
public record Corpus(String name, List<Fact> facts, List<DataFile> files) {
  public Corpus {
    facts = List.copyOf(facts);
    files = List.copyOf(files);
  }
}
