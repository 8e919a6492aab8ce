package io.kerf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The golden values that tests compare with; {@code -Dkerf.fixtures=DIR} names another set. */
public final class Fixtures {
  private Fixtures() {}

  /** The folder that holds models/, variants/, compression/, gguf/ and so on. */
  public static Path root() {
    return Path.of(System.getProperty("kerf.fixtures", "src/test/resources/fixtures"));
  }

  /**
   * What a folder holds, sorted by name.
   *
   * @param folder below {@link #root()}, "" for the root itself
   * @param glob of file names, such as {@code *.json}
   * @throws AssertionError if nothing matches: a set without cases is a failure, not a pass
   */
  public static List<Path> cases(String folder, String glob) {
    Path directory = root().resolve(folder);
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (var entries = Files.newDirectoryStream(directory, glob)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + directory, e);
      }
    }
    if (found.isEmpty()) {
      throw new AssertionError("no case matches " + directory.resolve(glob).toAbsolutePath());
    }
    found.sort(null);
    return List.copyOf(found);
  }
}
