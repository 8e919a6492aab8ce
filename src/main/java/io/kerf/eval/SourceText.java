package io.kerf.eval;

import io.kerf.rows.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A text and the file that it was read from.
 *
 * @param name what it is shown by
 */
public record SourceText(String name, String text, DataFile file) {
  /** What that file holds, in UTF-8, shown by the file's name. */
  public static SourceText of(Path file) {
    return of(String.valueOf(file.getFileName()), file, text -> text);
  }

  /**
   * What that file holds, read in a certain way.
   *
   * @param reading from the file's content to the text
   */
  public static SourceText of(String name, Path file, UnaryOperator<String> reading) {
    try {
      String content = Files.readString(file);
      return new SourceText(
          name, reading.apply(content), DataFile.of(file, content.lines().count()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " as UTF-8: " + e.getMessage(), e);
    }
  }
}
