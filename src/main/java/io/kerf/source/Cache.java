package io.kerf.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Kerf's own folder: models that have no other home, and what is remembered about those that do.
 *
 * @param root the folder; it need not exist
 */
record Cache(Path root) {
  /**
   * The user's: the system property {@code kerf.home}, else the environment's {@code KERF_HOME},
   * else {@code kerf} in {@code XDG_CACHE_HOME} or in {@code ~/.cache}.
   */
  static Cache ofUser() {
    return of(System.getProperty("kerf.home"), System.getenv(), System.getProperty("user.home"));
  }

  static Cache of(String property, Map<String, String> environment, String userHome) {
    String home = property != null ? property : environment.getOrDefault("KERF_HOME", "");
    if (!home.isBlank()) {
      return new Cache(Path.of(home).toAbsolutePath());
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification has relative paths ignored.
    Path caches =
        !xdg.isBlank() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(userHome, ".cache");
    return new Cache(caches.resolve("kerf"));
  }

  /** Where a model's file lies that Kerf keeps itself. */
  Path model(String name, ModelFile file) {
    return root.resolve("models").resolve(name).resolve(file.name());
  }

  /** The file that a process locks while it fetches that model. */
  Path lock(String name) {
    return folder(root.resolve("locks")).resolve(name + ".lock");
  }

  /** The folder of notes about checked files. */
  Path checked() {
    return root.resolve("checked");
  }

  /**
   * An empty folder to download that model into; what killed downloads left is removed. Only the
   * holder of the model's lock may ask for it.
   */
  Path freshStaging(String name) {
    Path staging = root.resolve("staging").resolve(name);
    Deletion.of(staging);
    folder(staging);
    try {
      // A fresh name, for a killed process may have left a pip behind that still writes.
      return Files.createTempDirectory(staging, "");
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Removes the folder that {@link #freshStaging} gave. */
  void deleteStaging(String name) {
    Deletion.of(root.resolve("staging").resolve(name));
  }

  private Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private FetchException unwritable(IOException e) {
    return new FetchException(
        "cannot write to Kerf's folder "
            + root
            + " ("
            + e
            + "); set KERF_HOME to a folder that can be written",
        e);
  }
}
