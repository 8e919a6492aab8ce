package io.kerf.train.corpus;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file's text in UTF-8, some characters at a time; a mark of byte order before it is left out.
 */
final class Utf8Text {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final Path file;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
  private final CharBuffer chars = CharBuffer.allocate(CHUNK_BYTES);
  private long before; // bytes of the file before those in the buffer
  private boolean begun;

  private Utf8Text(Path file) {
    this.file = file;
  }

  /**
   * Hands over the text, part by part; a part is only valid until the next.
   *
   * @param progress told of the bytes read
   * @throws CorpusException if it is no text in UTF-8, naming the first byte that is not
   */
  static void read(Path file, Progress progress, Consumer<CharBuffer> consumer) {
    new Utf8Text(file).readAll(progress, consumer);
  }

  private void readAll(Progress progress, Consumer<CharBuffer> consumer) {
    try (InputStream in = Files.newInputStream(file)) {
      boolean ended = false;
      while (!ended) {
        Interrupted.check("Reading " + file.getFileName());
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = read < 0;
        bytes.position(bytes.position() + Math.max(0, read)).flip();
        decode(ended);
        progress.advance(Math.max(0, read));
        before += bytes.position();
        bytes.compact();
        give(consumer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void decode(boolean ended) {
    CoderResult result = decoder.decode(bytes, chars, ended);
    if (result.isError()) {
      throw wrong(bytes.position());
    }
    for (int i = 0; i < chars.position(); i++) {
      if (chars.get(i) == 0) { // no text has it; one in UTF-16 has one beside each letter
        chars.flip().limit(i);
        throw wrong(StandardCharsets.UTF_8.encode(chars).remaining());
      }
    }
  }

  private void give(Consumer<CharBuffer> consumer) {
    chars.flip();
    if (!begun && chars.hasRemaining()) {
      begun = true;
      if (chars.get(chars.position()) == BYTE_ORDER_MARK) {
        chars.get();
      }
    }
    consumer.accept(chars);
    chars.clear();
  }

  private CorpusException wrong(int at) {
    return new CorpusException(
        "%s is no UTF-8 text: its byte %d is 0x%02x; text in another encoding must be put in UTF-8 first, and what is no text cannot be learned from (rows may be in jsonl, json, csv, parquet)"
            .formatted(file, before + at, bytes.get(at)));
  }
}
