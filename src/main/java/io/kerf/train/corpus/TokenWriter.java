package io.kerf.train.corpus;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A new file of tokens: documents one after another, with what stands before and between them.
 *
 * <p>It is no channel that is written to: an interrupt closes a channel in the middle of a write,
 * and the stop button is an interrupt.
 */
final class TokenWriter implements AutoCloseable {
  private final Path path;
  private final String label;
  private final Separators separators;
  private final int vocabulary;
  private final int idBytes;
  private final RandomAccessFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();
  private boolean begins;
  private long documents;
  private long tokens;
  private int largest = -1;

  /**
   * @param label how errors name the corpus
   * @param vocabulary ids are below it
   */
  TokenWriter(Path path, String label, Separators separators, int vocabulary) throws IOException {
    this.path = path;
    this.label = label;
    this.separators = separators;
    this.vocabulary = vocabulary;
    this.idBytes = idBytes(vocabulary);
    this.file = new RandomAccessFile(path.toFile(), "rw");
    file.write(new byte[TokenHeader.BYTES]); // the header is known last
  }

  /** How many bytes an id takes. */
  static int idBytes(int vocabulary) {
    return vocabulary <= 1 << 16 ? 2 : 4;
  }

  /** The next document begins; one that gets no tokens leaves no trace. */
  void begin() {
    begins = true;
  }

  /**
   * Adds tokens to the document, from an index on.
   *
   * @throws IllegalArgumentException if the model has no token of that id
   */
  void add(int[] ids, int from) {
    if (from == ids.length) {
      return;
    }
    if (begins) {
      begins = false;
      if (documents++ > 0) {
        put(separators.between(), 0);
      }
      put(separators.before(), 0);
    }
    put(ids, from);
  }

  private void put(int[] ids, int from) {
    for (int i = from; i < ids.length; i++) {
      int id = ids[i];
      if (id < 0 || id >= vocabulary) {
        throw Separators.outside(label, id, vocabulary);
      }
      if (buffer.remaining() < idBytes) {
        flush();
      }
      if (idBytes == 2) {
        buffer.putShort((short) id);
      } else {
        buffer.putInt(id);
      }
      largest = Math.max(largest, id);
    }
    tokens += ids.length - from;
  }

  private void flush() {
    checksum.update(buffer.array(), 0, buffer.position());
    try {
      file.write(buffer.array(), 0, buffer.position());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write " + path + " (" + e.getMessage() + "): is there room, and may you?", e);
    }
    buffer.clear();
  }

  /** Completes the file and has it on the disk itself. */
  void finish(String key) throws IOException {
    flush();
    int sum = (int) checksum.getValue();
    file.seek(0);
    file.write(new TokenHeader(idBytes, tokens, documents, largest, sum, key).bytes());
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
