package io.kerf.source;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Kerf's own folder on this machine, for what else is kept there. */
public final class KerfHome {
  private KerfHome() {}

  /**
   * What a user names instead of a folder there.
   *
   * @param property the system property's value, which comes first; may be null
   * @param variable the environment variable's, likewise
   * @return empty where both are absent or blank
   */
  public static Optional<String> named(String property, String variable) {
    return Stream.of(Optional.ofNullable(property), Optional.ofNullable(variable))
        .flatMap(Optional::stream)
        .filter(named -> !named.isBlank())
        .findFirst();
  }

  /**
   * A folder in it, which need not exist: that of the system property {@code kerf.home}, else of
   * the environment's {@code KERF_HOME}, else {@code kerf} where the user's caches are.
   */
  public static Path folder(String name) {
    return Cache.ofUser().root().resolve(name);
  }
}
