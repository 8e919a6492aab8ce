package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/**
 * A file of a repository, known by its content.
 *
 * @param name its path in the repository, with '/' between folders
 * @param etag the content's hash: SHA-256 of the bytes where they lie in large-file storage, else
 *     the SHA-1 that git gives them
 * @param sizeBytes its length
 */
record HubFile(String name, String etag, long sizeBytes) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

  HubFile {
    if (!SafeName.isSafe(name) || !isHash(etag) || sizeBytes < 0) {
      throw new IllegalArgumentException(
          "no file: " + name + ", etag " + etag + ", " + sizeBytes + " bytes");
    }
  }

  /** Whether an etag tells what the content is: it becomes a file's name, and is checked. */
  static boolean isHash(String etag) {
    return SHA256.matcher(etag).matches() || SHA1.matcher(etag).matches();
  }

  /**
   * Hashes a file that should have this content.
   *
   * @throws FetchException if it has not; it is left as it is
   */
  void check(Path path) throws IOException {
    if (Files.size(path) != sizeBytes) {
      throw new FetchException(
          name + " came with " + Files.size(path) + " bytes, expected " + sizeBytes);
    }
    boolean large = SHA256.matcher(etag).matches();
    MessageDigest digest = CheckedFiles.digest(large ? "SHA-256" : "SHA-1");
    if (!large) {
      digest.update(("blob " + sizeBytes + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    Progress unseen = bytes -> {};
    String seen = CheckedFiles.hash(digest, path, unseen);
    if (!seen.equals(etag)) {
      throw new FetchException(
          name + " came with " + (large ? "sha256 " : "git's sha1 ") + seen + ", expected " + etag);
    }
  }
}
