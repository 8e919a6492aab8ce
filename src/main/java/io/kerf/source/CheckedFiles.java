package io.kerf.source;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Checks files against the size and SHA-256 that are expected, and remembers which ones it has
 * checked, for hashing 400 MB takes seconds.
 *
 * <p>A note about a file lies in a folder of notes, under the hash of the file's path; it counts as
 * long as the file's size and time of change are as they were.
 *
 * @param notes the folder of notes
 */
record CheckedFiles(Path notes) {
  private static final int CHUNK_BYTES = 1 << 20;

  /** Whether that file was found to be the expected one, and has not changed since. */
  boolean remembers(Path path, ModelFile expected) {
    try {
      return Files.readString(note(path)).equals(words(path, expected));
    } catch (IOException e) {
      return false; // no note, or no file
    }
  }

  /** Notes that the file, just checked, is the expected one. */
  void remember(Path path, ModelFile expected) {
    try {
      Files.createDirectories(notes);
      Path draft = Files.createTempFile(notes, "", ".draft");
      Files.writeString(draft, words(path, expected));
      Files.move(draft, note(path), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Where nothing can be written, the file is hashed again the next time.
    }
  }

  /**
   * Hashes the file.
   *
   * @param progress told the bytes that are hashed
   * @throws FetchException if it is not the expected one; it is left as it is
   */
  static void check(Path path, ModelFile expected, Progress progress) {
    try {
      long sizeBytes = Files.size(path);
      if (sizeBytes != expected.sizeBytes()) {
        throw new FetchException(
            path + " has " + sizeBytes + " bytes, expected " + expected.sizeBytes());
      }
      String seen = sha256(path, progress);
      if (!seen.equals(expected.sha256())) {
        throw new FetchException(path + " has sha256 " + seen + ", expected " + expected.sha256());
      }
    } catch (IOException e) {
      throw new FetchException("cannot read " + path + ": " + e, e);
    }
  }

  private static String sha256(Path path, Progress progress) throws IOException {
    return hash(digest("SHA-256"), path, progress);
  }

  /** Adds the file's bytes to what was digested so far; the end of it in hexadecimal. */
  static String hash(MessageDigest digest, Path path, Progress progress) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read; (read = in.read(chunk)) >= 0; ) {
        Interrupted.check("Checking " + path.getFileName());
        digest.update(chunk, 0, read);
        progress.advance(read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A digest that every Java has: SHA-256, SHA-1. */
  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has " + algorithm, e);
    }
  }

  private Path note(Path path) {
    byte[] key = digest("SHA-256").digest(whole(path).getBytes(StandardCharsets.UTF_8));
    return notes.resolve(HexFormat.of().formatHex(key, 0, 16));
  }

  private static String words(Path path, ModelFile expected) throws IOException {
    return String.join(
        "\n",
        "sha256 " + expected.sha256(),
        "sizeBytes " + Files.size(path),
        "changed " + Files.getLastModifiedTime(path),
        "path " + whole(path),
        "");
  }

  private static String whole(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
