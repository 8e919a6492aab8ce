package io.kerf.eval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The answers of one model in one weight format. They are appended; what a killed process left half
 * written is cut off, and a file whose checksums do not fit is set aside and never trusted. Neither
 * is an error: what is not there is computed.
 */
final class AnswerFile {
  private static final byte[] MAGIC = "KERFANS1".getBytes(StandardCharsets.US_ASCII);
  private static final int READ_AT_ONCE = 4 << 20;

  private final Path path;
  private final Consumer<String> notes;
  private final Map<AnswerKey, Kept> answers = new HashMap<>();
  private long end; // of what was read or written, in bytes
  private boolean usable = true;

  private AnswerFile(Path path, Consumer<String> notes) {
    this.path = path;
    this.notes = notes;
  }

  /**
   * Reads what a file holds.
   *
   * @param notes told of a file that was set aside or cannot be used
   */
  static AnswerFile open(Path path, Consumer<String> notes) {
    AnswerFile file = new AnswerFile(path, notes);
    file.inTurn(List.of());
    return file;
  }

  Path path() {
    return path;
  }

  int size() {
    return answers.size();
  }

  Optional<Kept> find(AnswerKey key) {
    return Optional.ofNullable(answers.get(key));
  }

  /** Appends answers; they are in the file when this returns. */
  void append(List<AnswerCodec.Entry> entries) {
    if (usable && !entries.isEmpty()) {
      inTurn(entries);
    }
  }

  private void inTurn(List<AnswerCodec.Entry> entries) {
    try {
      Files.createDirectories(path.getParent());
      while (!written(entries)) {
        setAside();
      }
    } catch (IOException e) {
      usable = false;
      notes.accept(
          "Answers are not kept: "
              + e
              + "; set KERF_HOME to a folder that can be written, or ask for "
              + AnswerStore.PROPERTY
              + "="
              + AnswerStore.NONE);
    }
  }

  /** Appends to what is there; false if that is damaged, and nothing was appended. */
  private boolean written(List<AnswerCodec.Entry> entries) throws IOException {
    try (FileTurn turn = FileTurn.take(path)) {
      if (!catchUp(turn.file)) {
        return false;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      entries.stream()
          .filter(entry -> !answers.containsKey(entry.key())) // another was faster
          .forEach(entry -> bytes.writeBytes(AnswerCodec.encode(entry)));
      turn.file.seek(end);
      turn.file.write(bytes.toByteArray());
      end += bytes.size();
      entries.forEach(entry -> answers.putIfAbsent(entry.key(), entry.kept()));
      return true;
    }
  }

  /** Reads what others appended and cuts off what one did not finish; false if it is damaged. */
  private boolean catchUp(RandomAccessFile file) throws IOException {
    if (file.length() < end) {
      end = 0; // another process removed it and began again
    }
    if (end == 0 && !begun(file)) {
      return false;
    }
    Map<AnswerKey, Kept> found = new HashMap<>();
    for (long length = file.length(); end < length; ) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(READ_AT_ONCE, length - end));
      file.seek(end);
      file.readFully(bytes.array());
      AnswerCodec.Read read = AnswerCodec.decode(bytes);
      for (; read.entry().isPresent(); read = AnswerCodec.decode(bytes)) {
        AnswerCodec.Entry entry = read.entry().get();
        found.put(entry.key(), entry.kept());
      }
      if (read.flaw().orElseThrow() == AnswerCodec.Flaw.DAMAGED) {
        end += bytes.position(); // for the message
        return false;
      }
      boolean last = end + bytes.capacity() == length;
      end += bytes.position();
      if (last) {
        file.setLength(end);
        break;
      }
    }
    answers.putAll(found);
    return true;
  }

  /** Reads the file's beginning, or writes it; false if it is another's. */
  private boolean begun(RandomAccessFile file) throws IOException {
    byte[] start = new byte[(int) Math.min(file.length(), MAGIC.length)];
    file.readFully(start);
    if (!Arrays.equals(start, Arrays.copyOf(MAGIC, start.length))) {
      return false;
    }
    if (start.length < MAGIC.length) {
      file.seek(0);
      file.write(MAGIC);
    }
    end = MAGIC.length;
    return true;
  }

  private void setAside() throws IOException {
    int number = 1;
    while (Files.exists(aside(number))) {
      number++;
    }
    try {
      Files.move(path, aside(number));
      notes.accept(
          path
              + " is damaged at byte "
              + end
              + ": it is now "
              + aside(number).getFileName()
              + ", and what it held is computed afresh");
    } catch (NoSuchFileException e) {
      // Another process was faster.
    }
    end = 0;
  }

  private Path aside(int number) {
    return path.resolveSibling(path.getFileName() + ".damaged-" + number);
  }
}
