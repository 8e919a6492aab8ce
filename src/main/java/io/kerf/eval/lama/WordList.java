package io.kerf.eval.lama;

import io.kerf.eval.Candidates;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A named vocabulary: the words an object is ranked among. Which one it is moves scores by points,
 * so a result names it.
 *
 * @param name its file's name
 * @param words one a line
 */
public record WordList(String name, List<String> words, DataFile file) {
  public WordList {
    words = List.copyOf(words);
  }

  /** The words of a file, one a line. */
  public static WordList read(Path file) {
    try {
      List<String> words =
          Files.readAllLines(file).stream().map(String::strip).filter(w -> !w.isEmpty()).toList();
      String name = file.getFileName().toString().replaceFirst("\\.txt$", "");
      return new WordList(name, words, DataFile.of(file, words.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Those of the words that are one token of a model, as its family writes them in a sentence. */
  public Candidates candidates(Model model) {
    return candidates(new Words(model.tokenizer()));
  }

  Candidates candidates(Words spelling) {
    int[] ids =
        words.stream()
            .map(spelling::single)
            .filter(OptionalInt::isPresent)
            .mapToInt(OptionalInt::getAsInt)
            .toArray();
    return Candidates.of(name, ids);
  }
}
