package io.kerf.source;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Says which files of a repository are wanted. */
@FunctionalInterface
public interface HubChoice {
  /**
   * Chooses.
   *
   * @param held the paths of all files in the repository
   * @param document brings a small file that says which others are wanted
   * @return those wanted, of those held; none if there is nothing of use
   */
  List<String> files(Set<String> held, Function<String, byte[]> document);
}
