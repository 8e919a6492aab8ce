package io.kerf.source;

import java.nio.file.Path;

/** Kerf's own folder on this machine, for what else is kept there. */
public final class KerfHome {
  private KerfHome() {}

  /**
   * A folder in it, which need not exist: that of the system property {@code kerf.home}, else of
   * the environment's {@code KERF_HOME}, else {@code kerf} where the user's caches are.
   */
  public static Path folder(String name) {
    return Cache.ofUser().root().resolve(name);
  }
}
