package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Connections that break, servers that fall silent: downloads go on where they stopped. */
class HubConnectionTest extends HubCase {
  @Test
  void goesOnWhereAConnectionWasCut() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.cutAfter(50_000), HubServer.cutAfter(70_000));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=50000-", "bytes=120000-"), ranges());
    assertEquals(6, server.gets(WEIGHTS), "each try asks the hub for a fresh address");
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), pauses, "it went on");
    assertEquals(200_000, progress.done.get() - server.content("config.json").length - 2);
  }

  @Test
  void beginsAnewWhereAServerIgnoresTheRange() throws Exception {
    server.once(
        "GET", ELSEWHERE, HubServer.cutAfter(50_000), HubServer.instead(server.content(WEIGHTS)));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=50000-"), ranges());
    assertEquals(200_000, progress.done.get() - server.content("config.json").length - 2);
  }

  @Test
  void anotherRangeThanAskedForIsNotTaken() throws Exception {
    byte[] other = new byte[1000];
    server.once(
        "GET",
        ELSEWHERE,
        HubServer.cutAfter(50_000),
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 7-1006/200000");
          HubServer.write(exchange, 206, other);
        });
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=50000-", "bytes=50000-"), ranges());
  }

  @Test
  void goesOnWithWhatAnEarlierProcessLeft() throws Exception {
    Files.createDirectories(cache().resolve("blobs"));
    Files.write(incomplete(WEIGHTS), Arrays.copyOf(server.content(WEIGHTS), 150_000));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of("bytes=150000-"), ranges());
  }

  @Test
  void whatWasLeftWholeIsOnlyChecked() throws Exception {
    Files.createDirectories(cache().resolve("blobs"));
    Files.write(incomplete(WEIGHTS), server.content(WEIGHTS));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(), ranges());
  }

  @Test
  void aWrongBeginningThatWasLeftIsThrownAwayAndAllComesAnew() throws Exception {
    Files.createDirectories(cache().resolve("blobs"));
    Files.write(incomplete(WEIGHTS), new byte[150_000]);
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(Arrays.asList("bytes=150000-", null), ranges());
    Files.delete(blob(WEIGHTS));
    Files.write(incomplete(WEIGHTS), new byte[300_000]); // longer than the file
    fetch("org/tiny");
    assertIsWhole();
  }

  @Test
  void aServerThatCutsEveryConnectionAtTheSamePlaceIsLeft() throws Exception {
    server.always(
        "GET",
        ELSEWHERE,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length); // also ignores the range
          exchange.getResponseBody().write(content, 0, 60_000);
          exchange.getResponseBody().flush();
        });
    String message = failure("org/tiny");
    assertTrue(message.startsWith("the request for model.safetensors failed ("), message);
    assertTrue(
        message.endsWith("), 4 times in a row; try again later: what came is kept"), message);
    assertEquals(4, ranges().size());
    assertEquals(60_000, Files.size(incomplete(WEIGHTS)));
    assertOnlyBlobsAreLeft();
  }

  @Test
  void filesComeSideBySide() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    HubServer.Fault together =
        (exchange, content) -> {
          both.countDown();
          try {
            both.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server is closed
          }
          HubServer.serve(exchange, content);
        };
    server.once("GET", "tokenizer.json", together);
    server.once("GET", ELSEWHERE, together);
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(), pauses);
  }

  @Test
  void aSlowServerIsWaitedFor() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.slowly(50));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(), pauses);
  }

  @Test
  void aServerThatFallsSilentIsAskedAgain() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.silentAfter(80_000));
    hub(Duration.ofMillis(1500))
        .fetch(HubName.parse("org/tiny").orElseThrow(), config -> {}, progress);
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=80000-"), ranges());
  }

  @Test
  void aServerThatNeverAnswersIsAskedAgain() throws Exception {
    server.once("GET", "listing", HubServer.never());
    hub(Duration.ofMillis(1500))
        .fetch(HubName.parse("org/tiny").orElseThrow(), config -> {}, progress);
    assertIsWhole();
    assertEquals(1, pauses.size());
  }

  @Test
  void aConnectionThatBreaksBeforeAnyAnswerIsTriedAgain() throws Exception {
    HubServer.Fault hangUp = (exchange, content) -> exchange.close();
    server.once("GET", "listing", hangUp, HubServer.cutAfterHeaders());
    server.once("HEAD", "config.json", hangUp);
    server.once("GET", "config.json", hangUp);
    fetch("org/tiny");
    assertIsWhole();
  }

  @Test
  void aFullDiskIsNotTriedAgain() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has /dev/full");
    Files.createDirectories(cache().resolve("blobs"));
    Files.createSymbolicLink(incomplete(WEIGHTS), full);
    String message = failure("org/tiny");
    assertTrue(message.startsWith("cannot write to the hub's cache "), message);
    assertTrue(message.endsWith("to a folder that can be written and has room"), message);
    assertEquals(List.of(), pauses);
  }
}
