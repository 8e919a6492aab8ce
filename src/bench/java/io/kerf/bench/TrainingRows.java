package io.kerf.bench;

import io.kerf.json.Json;
import io.kerf.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text as token ids in a file that both sides of the training benchmark read. */
final class TrainingRows {
  private TrainingRows() {}

  /**
   * Writes a text's first tokens, row after row: a JSON list a line.
   *
   * @param target the file; its folder is made
   */
  static Path write(Path text, Tokenizer tokenizer, int rows, int length, Path target)
      throws IOException {
    int[] ids = new int[0];
    for (String line : Files.readAllLines(text)) {
      int[] more = tokenizer.encode(line + "\n", false);
      int had = ids.length;
      ids = Arrays.copyOf(ids, had + more.length);
      System.arraycopy(more, 0, ids, had, more.length);
      if (ids.length >= rows * length) {
        break;
      }
    }
    if (ids.length < rows * length) {
      throw new IllegalArgumentException(
          "%s has %d tokens, too few for %d rows of %d; name a longer one by --text, or make fewer --steps"
              .formatted(text, ids.length, rows, length));
    }
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      lines.add(Json.write(Arrays.stream(ids, r * length, (r + 1) * length).boxed().toList()));
    }
    Files.createDirectories(target.getParent());
    return Files.write(target, lines);
  }
}
