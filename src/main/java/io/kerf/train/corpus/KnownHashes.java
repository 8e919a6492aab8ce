package io.kerf.train.corpus;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * SHA-256 of files, remembered as long as a file's size and time of change are as they were:
 * hashing 2 GB takes seconds.
 *
 * @param notes the folder of what is remembered, a note for each path
 */
record KnownHashes(Path notes) {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long SETTLED_SECONDS = 3; // a change within a clock's tick is not seen

  /** A file's hash, hexadecimal; the progress is told of its bytes. */
  String of(Path file, Progress progress) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      String state =
          file.toRealPath() + "\n" + now.size() + "\n" + now.lastModifiedTime().toInstant() + "\n";
      Path note = notes.resolve(Sha256.of(file.toRealPath().toString()) + ".hash");
      String noted = Files.exists(note) ? Files.readString(note) : "";
      if (noted.startsWith(state) && noted.length() == state.length() + Sha256.HEX_DIGITS) {
        progress.advance(now.size());
        return noted.substring(state.length());
      }
      String hash = hash(file, progress);
      Instant settled = now.lastModifiedTime().toInstant().plusSeconds(SETTLED_SECONDS);
      if (settled.isBefore(Instant.now())) {
        remember(note, state + hash);
      }
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String hash(Path file, Progress progress) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read; (read = in.read(chunk)) >= 0; ) {
        Interrupted.check("Reading " + file.getFileName());
        digest.update(chunk, 0, read);
        progress.advance(read);
      }
    }
    return Sha256.hex(digest);
  }

  private void remember(Path note, String text) {
    try {
      Files.createDirectories(notes);
      Path draft = Files.createTempFile(notes, "", ".draft");
      Files.writeString(draft, text);
      Files.move(draft, note, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Where nothing can be written, the file is hashed again the next time.
    }
  }
}
