package io.kerf.source;

import java.nio.file.Path;
import java.util.List;

/**
 * Files of a data set of the hub that lie on this machine.
 *
 * @param files links to them; none if there is nothing of use in the repository
 * @param origin where they come from: repository, revision and commit, in words
 */
public record HubFiles(List<Path> files, String origin) {
  public HubFiles {
    files = List.copyOf(files);
  }
}
