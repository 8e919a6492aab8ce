package io.kerf.train.corpus;

import io.kerf.progress.Interrupted;
import io.kerf.tensor.MappedBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Tokens on disk, one after another, looked at where they lie; safe for use by several threads. */
final class TokenFile {
  private static final int CHUNK_BYTES = 1 << 16;

  private final Path file;
  private final TokenHeader header;
  private final MappedBytes ids;

  private TokenFile(Path file, TokenHeader header, MappedBytes ids) {
    this.file = file;
    this.header = header;
    this.ids = ids;
  }

  /**
   * Opens a file, having read it once to see that it is whole.
   *
   * @throws TokenFileException if it is not
   */
  static TokenFile open(Path file) {
    try {
      TokenHeader header;
      // By a stream: what is only checked need not stay in memory as a mapping's pages do.
      try (InputStream in = Files.newInputStream(file)) {
        header = TokenHeader.read(in.readNBytes(TokenHeader.BYTES), file, Files.size(file));
        int checksum = checksum(in);
        if (checksum != header.checksum()) {
          throw TokenHeader.wrong(file, "holds damaged tokens: their checksum differs");
        }
      }
      long length = header.tokens() * header.idBytes();
      return new TokenFile(file, header, MappedBytes.map(file, TokenHeader.BYTES, length));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (IndexOutOfBoundsException e) {
      throw TokenHeader.wrong(file, "became shorter while it was read");
    }
  }

  private static int checksum(InputStream in) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int read; (read = in.read(chunk)) >= 0; ) {
      Interrupted.check("Checking the tokens of a corpus");
      checksum.update(chunk, 0, read);
    }
    return (int) checksum.getValue();
  }

  TokenHeader header() {
    return header;
  }

  /**
   * A run of tokens.
   *
   * @throws TokenFileException if one is none of the file's
   */
  int[] read(long from, int count) {
    Objects.checkFromIndexSize(from, count, header.tokens());
    int width = header.idBytes();
    byte[] bytes = new byte[count * width];
    ids.read(from * width, bytes, 0, bytes.length);
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      int id = width == 2 ? values.getShort(2 * i) & 0xffff : values.getInt(4 * i);
      if (id < 0 || id > header.largestId()) { // changed since it was checked, or forged
        throw TokenHeader.wrong(
            file, "holds the token " + id + ", its largest should be " + header.largestId());
      }
      tokens[i] = id;
    }
    return tokens;
  }
}
