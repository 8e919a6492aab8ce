package io.kerf.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A folder that something is to be saved to: nothing is lost there that Kerf did not save. */
final class SavedPlace {
  private SavedPlace() {}

  /**
   * Checks a folder.
   *
   * @param what "a model": what was saved there before, if anything was
   * @param written whether saving such a thing writes a file of that name
   * @param otherwise how else to save, for one who named a file
   * @throws IllegalArgumentException if it is a file, or holds anything else, or may not be
   *     replaced
   */
  static void require(
      Path folder, String what, Predicate<String> written, boolean replaces, String otherwise) {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder + " is a file; name a folder to save to" + otherwise);
    }
    List<String> names = names(folder);
    if (names.isEmpty()) {
      return;
    }
    if (!names.contains(LineageFile.NAME)) {
      throw new IllegalArgumentException(
          folder + " holds files and no " + noun(what) + " that Kerf saved; name another folder");
    }
    List<String> others = names.stream().filter(written.negate()).toList();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          folder
              + " holds "
              + others.get(0)
              + ", which Kerf did not save there and would be lost; move it, or name another"
              + " folder");
    }
    if (!replaces) {
      throw new IllegalArgumentException(
          folder + " holds " + what + " that Kerf saved; to replace it ask for overwrite()");
    }
  }

  private static String noun(String what) {
    return what.substring(what.indexOf(' ') + 1);
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
