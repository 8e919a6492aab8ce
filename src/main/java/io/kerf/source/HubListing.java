package io.kerf.source;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a repository holds at a revision.
 *
 * @param commit the commit that the revision is at
 * @param files the paths of its files
 */
record HubListing(String commit, Set<String> files) {
  HubListing {
    files = Set.copyOf(files);
  }

  /**
   * Reads the hub's answer.
   *
   * @param origin how errors name it
   * @throws FetchException if it is not what a hub answers, or a file's name could lead elsewhere
   */
  static HubListing parse(byte[] json, String origin) {
    Set<String> files = new LinkedHashSet<>();
    String commit;
    try {
      Json listing = Json.parse(json, origin);
      commit = listing.at("sha").text();
      List<Json> siblings = listing.at("siblings").items();
      siblings.forEach(file -> files.add(file.at("rfilename").text()));
    } catch (JsonException e) {
      // The cause would show what came, and who knows what a stranger's server echoes.
      throw new FetchException(
          origin + " did not answer as a Hugging Face hub does; check HF_ENDPOINT");
    }
    if (!HubRepo.isCommit(commit)) {
      throw new FetchException(origin + " names no commit: sha must be 40 hexadecimal digits");
    }
    files.forEach(file -> SafeName.check("a file that " + origin + " lists", file));
    return new HubListing(commit, files);
  }
}
