package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerFileTest {
  @TempDir Path folder;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  private static AnswerKey key(long number) {
    return new AnswerKey(number, 1, 2, -number);
  }

  private static AnswerCodec.Entry likelihood(long number) {
    return new AnswerCodec.Entry(
        key(number), new Kept(new Answer.Likelihood(-number / 3.0, 4, true, 7), 2.5, 1e6 + number));
  }

  private static AnswerCodec.Entry cloze(long number, int guesses) {
    List<Answer.Guess> top =
        IntStream.range(0, guesses).mapToObj(i -> new Answer.Guess(i, -i / 7.0)).toList();
    return new AnswerCodec.Entry(
        key(number), new Kept(new Answer.Cloze(-1.25, 3, 2, 9, 17, -0.5, top), 0.5, 12));
  }

  private Path path() {
    return folder.resolve("answers").resolve("model.answers");
  }

  private AnswerFile open() {
    return AnswerFile.open(path(), notes::add);
  }

  @Test
  void whatWasAppendedIsThereWhenItIsOpenedAgain() {
    AnswerFile file = open();
    assertEquals(0, file.size());
    file.append(List.of(likelihood(1), cloze(2, 5)));
    file.append(List.of(cloze(3, 0)));
    AnswerFile again = open();
    assertEquals(3, again.size());
    for (AnswerCodec.Entry entry : List.of(likelihood(1), cloze(2, 5), cloze(3, 0))) {
      assertEquals(Optional.of(entry.kept()), again.find(entry.key()));
      assertEquals(Optional.of(entry.kept()), file.find(entry.key()));
    }
    assertEquals(Optional.empty(), again.find(key(4)));
    assertEquals(List.of(), notes);
  }

  @Test
  void aRecordIsLaidOutAsDescribed() throws Exception {
    open().append(List.of(likelihood(5)));
    byte[] bytes = Files.readAllBytes(path());
    assertEquals(8 + 74, bytes.length);
    ByteBuffer record = ByteBuffer.wrap(bytes, 8, 74);
    assertEquals(66, record.getInt()); // 74 without itself and the checksum
    assertEquals(5, record.getLong());
    assertEquals(1, record.getLong());
    assertEquals(2, record.getLong());
    assertEquals(-5, record.getLong());
    assertEquals(2.5, record.getDouble());
    assertEquals(1000005, record.getDouble());
    assertEquals('L', record.get());
    assertEquals(-5 / 3.0, record.getDouble());
    assertEquals(4, record.getInt());
    assertEquals(1, record.get());
    assertEquals(7, record.getInt());
    assertEquals(93 + 12 * 5, AnswerCodec.encode(cloze(1, 5)).length);
  }

  @Test
  void everyKindOfAnswerHasAPlaceInTheFile() {
    List<Answer> answers = List.of(likelihood(1).kept().answer(), cloze(1, 2).kept().answer());
    assertEquals(
        List.of(Answer.class.getPermittedSubclasses()),
        answers.stream().map(Object::getClass).toList(),
        "a new kind of answer needs a case in AnswerCodec and here");
  }

  @Test
  void aRecordThatWasNotFinishedIsCutOffWhereverItEnds() throws Exception {
    open().append(List.of(likelihood(1), cloze(2, 3)));
    byte[] whole = Files.readAllBytes(path());
    int second = 8 + 74;
    for (int length = 0; length < whole.length; length++) {
      Files.write(path(), Arrays.copyOf(whole, length));
      AnswerFile torn = open();
      assertEquals(length < second ? 0 : 1, torn.size(), "of " + length + " bytes");
      torn.append(List.of(likelihood(3)));
      assertEquals(torn.size(), open().size());
      assertEquals(Optional.of(likelihood(3).kept()), open().find(key(3)));
    }
    assertEquals(List.of(), notes);
  }

  @Test
  void anotherProcessesHalfRecordIsCutOffBeforeTheNextIsAppended() throws Exception {
    AnswerFile mine = open();
    mine.append(List.of(likelihood(1)));
    AnswerFile others = open();
    others.append(List.of(likelihood(2)));
    byte[] half = Arrays.copyOf(AnswerCodec.encode(likelihood(9)), 30);
    Files.write(path(), half, StandardOpenOption.APPEND);
    mine.append(List.of(likelihood(3)));
    assertEquals(3, mine.size()); // the other's too
    assertEquals(3, open().size());
    assertEquals(List.of(), notes);
  }

  @Test
  void aDamagedFileIsSetAsideAndNothingOfItIsTrusted() throws Exception {
    open().append(List.of(likelihood(1), likelihood(2), likelihood(3)));
    byte[] whole = Files.readAllBytes(path());
    byte[] damaged = whole.clone();
    damaged[8 + 74 + 40] ^= 1;
    Files.write(path(), damaged);
    AnswerFile file = open();
    assertEquals(0, file.size());
    assertEquals(
        List.of(
            path()
                + " is damaged at byte 82: it is now model.answers.damaged-1, and what it held is"
                + " computed afresh"),
        notes);
    assertArrayEquals(
        damaged, Files.readAllBytes(path().resolveSibling(path().getFileName() + ".damaged-1")));
    file.append(List.of(likelihood(4)));
    assertEquals(1, open().size());
    Files.write(path(), damaged);
    assertEquals(0, open().size());
    assertTrue(Files.exists(folder.resolve("answers/model.answers.damaged-2")));
  }

  @Test
  void anyByteThatChangesIsFoundOut() throws Exception {
    open().append(List.of(likelihood(1), cloze(2, 2), likelihood(3)));
    byte[] whole = Files.readAllBytes(path());
    Random random = new Random(3);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(path(), damaged);
      AnswerFile file = open();
      for (AnswerCodec.Entry entry : List.of(likelihood(1), cloze(2, 2), likelihood(3))) {
        Optional<Kept> found = file.find(entry.key());
        assertTrue(found.isEmpty() || found.get().equals(entry.kept()), "byte " + at);
      }
      assertTrue(file.size() < 3, "byte " + at);
    }
  }

  @Test
  void anotherKindOfFileIsSetAside() throws Exception {
    Files.createDirectories(path().getParent());
    Files.writeString(path(), "these are no answers");
    assertEquals(0, open().size());
    assertEquals(1, notes.size());
    assertTrue(notes.get(0).contains("is damaged at byte 0"), notes.get(0));
  }

  @Test
  void threadsAndProcessesAppendBesideEachOther() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      long first = 1000L * t;
      Thread thread =
          new Thread(
              () -> {
                AnswerFile own = open();
                for (int i = 0; i < 20; i++) {
                  own.append(List.of(likelihood(first + 2 * i), cloze(first + 2 * i + 1, 3)));
                }
              });
      thread.start();
      threads.add(thread);
    }
    Process other = AnswersInProcess.appending(path(), 5000, 30);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, other.waitFor(), () -> AnswersInProcess.said(other));
    assertEquals(4 * 40 + 30, open().size());
    assertEquals(List.of(), notes);
  }

  @Test
  void anInterruptedThreadStillAppendsAndStaysInterrupted() {
    AnswerFile file = open();
    Thread.currentThread().interrupt();
    file.append(List.of(likelihood(1)));
    assertTrue(Thread.interrupted());
    assertEquals(1, open().size());
    assertEquals(List.of(), notes);
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidAndNotFatal() throws Exception {
    Files.writeString(folder.resolve("answers"), "a file where the folder should be");
    AnswerFile file = open();
    file.append(List.of(likelihood(1)));
    assertEquals(0, file.size());
    assertEquals(1, notes.size());
    assertEquals(
        "Answers are not kept: java.nio.file.FileAlreadyExistsException: "
            + folder.resolve("answers")
            + "; set KERF_HOME to a folder that can be written, or ask for kerf.answers=none",
        notes.get(0));
  }

  @Test
  void aFileThatWasRemovedIsBegunAgain() throws Exception {
    AnswerFile file = open();
    file.append(List.of(likelihood(1)));
    Files.delete(path());
    file.append(List.of(likelihood(2)));
    assertEquals(Optional.of(likelihood(2).kept()), open().find(key(2)));
    assertEquals(1, open().size());
  }

  @Test
  void aShareOfTimeIsNeverNegative() {
    var negative =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Kept(new Answer.Likelihood(0, 1, false, 0), 1, -1));
    assertEquals(
        "an answer's share of tokens and time is at least 0, was 1.0 and -1.0",
        negative.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Kept(new Answer.Likelihood(0, 1, false, 0), Double.NaN, 1));
  }

  @Test
  void aStoreTellsItsSizeAndIsCleared() throws Exception {
    AnswerStore store = AnswerStore.in(folder.resolve("answers"));
    assertEquals(0, store.sizeBytes());
    open().append(List.of(likelihood(1)));
    Files.write(path(), new byte[100]);
    open();
    Path bystander = Files.writeString(folder.resolve("answers/notes.txt"), "mine");
    assertEquals(100 + 8, store.sizeBytes());
    store.clear();
    assertEquals(0, store.sizeBytes());
    assertTrue(Files.exists(bystander));
    assertFalse(Files.exists(path()));
  }

  @Test
  void aFileThatAnotherHoldsLockedIsGivenUpAfterAWhile() throws Exception {
    Files.createDirectories(path().getParent());
    try (RandomAccessFile held = new RandomAccessFile(path().toFile(), "rw");
        FileChannel channel = held.getChannel();
        FileLock lock = channel.lock()) {
      var locked = assertThrows(java.io.IOException.class, () -> FileTurn.take(path(), 30));
      assertEquals(path() + " is locked by another process", locked.getMessage());
    }
    assertEquals(0, open().size());
  }
}
