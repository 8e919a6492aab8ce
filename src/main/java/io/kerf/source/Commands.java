package io.kerf.source;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs that an environment's PATH leads to. */
final class Commands {
  private Commands() {}

  /**
   * Where they lie: all places of the first name, then of the second.
   *
   * @param names without ".exe" or ".cmd", which Windows adds
   */
  static List<Path> find(List<String> names, Map<String, String> environment) {
    String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator);
    return names.stream()
        .flatMap(name -> Stream.of(folders).flatMap(folder -> candidates(folder, name)))
        .filter(file -> file.isFile() && file.canExecute())
        .map(File::toPath)
        .toList();
  }

  private static Stream<File> candidates(String folder, String name) {
    return folder.isBlank()
        ? Stream.of()
        : Stream.of("", ".exe", ".cmd").map(suffix -> new File(folder, name + suffix));
  }
}
