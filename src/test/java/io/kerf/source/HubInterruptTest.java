package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Interrupts, and others that want the same model at the same time. */
class HubInterruptTest extends HubCase {
  private Thread cell(AtomicReference<Throwable> seen) {
    Thread cell = new Thread(() -> fetch("org/tiny"));
    cell.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
    cell.start();
    return cell;
  }

  @Test
  void anInterruptLeavesASilentServerAndTheNextDownloadGoesOn() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.silentAfter(80_000));
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell = cell(seen);
    Until.holds("all that comes has come", () -> progress.done.get() >= 80_000);
    Until.holds("it is written", () -> Files.size(incomplete(WEIGHTS)) == 80_000);
    cell.interrupt();
    cell.join();
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
    assertEquals("Downloading org/tiny was interrupted", seen.get().getMessage());
    assertOnlyBlobsAreLeft();
    assertEquals(80_000, Files.size(incomplete(WEIGHTS)));
    Until.holds(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("Downloading org/tiny")));

    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=80000-"), ranges());
  }

  @Test
  void anInterruptLeavesAServerThatNeverAnswers() throws Exception {
    server.always("GET", "listing", HubServer.never());
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell = cell(seen);
    Until.holds("it was asked", () -> !server.seen.isEmpty());
    cell.interrupt();
    cell.join();
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
    assertEquals(List.of(), filesInCache());
  }

  @Test
  void anInterruptEndsAPause() throws Exception {
    server.always("GET", "listing", HubServer.status(503));
    Hub patient =
        new Hub(
            HubSettings.of(environment, ""),
            new Patience(
                2,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofSeconds(20),
                pause -> {
                  pauses.add(pause);
                  Thread.sleep(pause.toMillis());
                }));
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell =
        new Thread(
            () -> patient.fetch(HubName.parse("org/tiny").orElseThrow(), config -> {}, progress));
    cell.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
    cell.start();
    Until.holds("it pauses", () -> !pauses.isEmpty());
    cell.interrupt();
    cell.join();
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
  }

  @Test
  void threadsThatWantTheSameModelDownloadItOnce() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.slowly(20));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    var all = Stream.generate(() -> threads.submit(() -> fetch("org/tiny"))).limit(6).toList();
    for (var one : all) {
      one.get();
    }
    threads.shutdown();
    assertIsWhole();
    assertEquals(1, server.seenElsewhere.size());
  }

  @Test
  void aSecondProcessWaitsAndDoesNotDownloadAgain() throws Exception {
    HubServer.Gate gate = new HubServer.Gate(100_000);
    server.always("GET", ELSEWHERE, gate);
    Process first = HubInProcess.start(folder, environment);
    Until.holds("the first downloads", () -> server.seenElsewhere.size() == 1);
    Process second = HubInProcess.start(folder, environment);
    String waiting = "waiting for another process that downloads " + WEIGHTS;
    Until.holds("the second waits", () -> FetchInProcess.logged(folder, waiting) == 1);
    gate.open();
    assertEquals(0, first.waitFor());
    assertEquals(0, second.waitFor());
    assertEquals(2, FetchInProcess.logged(folder, "fetched"));
    assertEquals(1, server.seenElsewhere.size());
    assertIsWhole();
  }

  @Test
  void whatAKilledProcessLeftIsGoneOnWith() throws Exception {
    HubServer.Gate gate = new HubServer.Gate(100_000);
    server.once("GET", ELSEWHERE, gate);
    Process killed = HubInProcess.start(folder, environment);
    Until.holds(
        "it downloads",
        () -> Files.exists(incomplete(WEIGHTS)) && Files.size(incomplete(WEIGHTS)) == 100_000);
    killed.destroyForcibly().waitFor();
    gate.open();
    assertOnlyBlobsAreLeft();
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=100000-"), ranges());
  }
}
