package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hubs and networks that do everything wrong. */
class HubMisbehaviourTest extends HubCase {
  private static final String ELSEWHERE = "elsewhere " + WEIGHTS;

  private void assertIsWhole() throws IOException {
    Path snapshot = cache().resolve("snapshots").resolve(HubServer.COMMIT);
    for (String file : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      assertArrayEquals(server.content(file), Files.readAllBytes(snapshot.resolve(file)));
    }
    assertFalse(Files.exists(incomplete(WEIGHTS)));
  }

  /** Nothing but whole contents and beginnings of contents. */
  private void assertOnlyBlobsAreLeft() throws IOException {
    for (String file : filesInCache()) {
      assertTrue(file.matches("blobs/[0-9a-f]{40,64}(\\.incomplete)?"), file);
      byte[] left = Files.readAllBytes(cache().resolve(file));
      String etag = file.replaceAll("blobs/|\\.incomplete", "");
      byte[] whole =
          Stream.of("config.json", "tokenizer.json", WEIGHTS)
              .filter(name -> server.etag(name).equals(etag))
              .findFirst()
              .map(server::content)
              .orElseThrow();
      boolean part = file.endsWith(".incomplete");
      assertArrayEquals(part ? Arrays.copyOf(whole, left.length) : whole, left, file);
    }
  }

  private List<String> ranges() {
    return server.seenElsewhere.stream().map(HubServer.Seen::range).toList();
  }

  // ---------------------------------------------------------------- connections

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
  void aSlowServerIsWaitedFor() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.slowly(50));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(), pauses);
  }

  @Test
  void aServerThatFallsSilentIsAskedAgain() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.silentAfter(80_000));
    hub(Duration.ofMillis(300)).fetch(HubName.parse("org/tiny").orElseThrow(), progress);
    assertIsWhole();
    assertEquals(Arrays.asList(null, "bytes=80000-"), ranges());
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

  // ---------------------------------------------------------------- contents

  @Test
  void aLargeFileWithAnotherSha256IsThrownAway() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.instead(new byte[200_000]));
    assertEquals(
        "org/tiny: model.safetensors came with sha256 "
            + HubServer.sha256(new byte[200_000])
            + ", expected "
            + server.etag(WEIGHTS)
            + "; it was thrown away. Load again; if it stays so, what stands between here and "
            + server.address()
            + " changes files",
        failure("org/tiny"));
    assertFalse(Files.exists(incomplete(WEIGHTS)));
    assertOnlyBlobsAreLeft();
    assertEquals(1, ranges().size());
  }

  @Test
  void aSmallFileWithAnotherGitSha1IsThrownAway() throws Exception {
    byte[] forged = "{\"model_type\": \"evil\"}".getBytes();
    server.always("GET", "config.json", HubServer.instead(forged));
    String message = failure("org/tiny");
    assertTrue(
        message.startsWith(
            "org/tiny: config.json came with git's sha1 "
                + HubServer.gitSha1(forged)
                + ", expected "
                + server.etag("config.json")),
        message);
    assertFalse(Files.exists(incomplete("config.json")));
  }

  @Test
  void aFileThatIsLongerThanTheHubSaysIsCutOff() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.insteadInChunks(new byte[300_000]));
    assertEquals(
        "org/tiny: model.safetensors comes with more than the 200000 bytes that the hub says it"
            + " has; check HF_ENDPOINT, or try again later",
        failure("org/tiny"));
    assertOnlyBlobsAreLeft();
  }

  @Test
  void aFileThatIsShorterThanTheHubSaysIsAskedForAgainAndThenLeft() throws Exception {
    byte[] shorter = Arrays.copyOf(server.content(WEIGHTS), 199_999);
    server.always("GET", ELSEWHERE, HubServer.instead(shorter));
    String message = failure("org/tiny");
    assertEquals(
        "the request for model.safetensors failed (IOException: ended after 199999 of 200000"
            + " bytes), 4 times in a row; try again later: what came is kept",
        message);
    assertOnlyBlobsAreLeft();
  }

  @Test
  void anEtagThatIsNoHashIsRefused() {
    server.always(
        "HEAD", "config.json", HubServer.status(200, "ETag", "\"../../x\"", "Content-Length", "5"));
    assertEquals(
        server.address()
            + " does not say an ETag that is the hash of its content for config.json, as a Hugging"
            + " Face hub does, so it cannot be checked; check HF_ENDPOINT",
        failure("org/tiny"));
  }

  @Test
  void theStoragesOwnEtagAndLengthDoNotCount() {
    server.always(
        "HEAD", WEIGHTS, HubServer.redirectTo(server.addressElsewhere() + "/elsewhere/x"));
    assertTrue(failure("org/tiny").contains("does not say an ETag"));
    assertEquals(List.of(), server.seenElsewhere);
  }

  @Test
  void aFileOfAnotherCommitIsRefused() {
    server.always(
        "HEAD",
        "config.json",
        HubServer.status(
            200,
            "X-Repo-Commit",
            "f".repeat(40),
            "ETag",
            server.etag("config.json"),
            "Content-Length",
            "5"));
    assertEquals(
        "config.json of commit "
            + HubServer.COMMIT
            + " was asked for, and the hub has it of another commit",
        failure("org/tiny"));
  }

  @Test
  void namesThatLeadOutOfTheFolderAreRefused() throws Exception {
    for (String name :
        List.of("../evil", "/etc/evil", "a/../../evil", "a\\evil", "nul\0.bin", "a//b", "C:evil")) {
      try (HubServer evil = new HubServer()) {
        evil.put("config.json", "{}").put("vocab.txt", "a").putLarge(WEIGHTS, new byte[1]);
        evil.list(name);
        environment.put("HF_ENDPOINT", evil.address());
        String message = failure("org/tiny");
        assertTrue(message.startsWith("a file that " + evil.address()), message);
        assertTrue(
            message.endsWith(
                " is named '"
                    + name.replace('\0', '?')
                    + "', which could lead out of its folder; names are relative, without '..',"
                    + " '\\', ':' and control characters"),
            message);
      }
    }
    assertEquals(List.of(), filesInCache());
  }

  @Test
  void anIndexThatLeadsOutOfTheFolderIsRefused() throws Exception {
    try (HubServer evil = new HubServer()) {
      evil.put("config.json", "{}")
          .put("vocab.txt", "a")
          .put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../refs/main\"}}");
      environment.put("HF_ENDPOINT", evil.address());
      assertEquals(
          "a file that model.safetensors.index.json names is named '../../refs/main', which could"
              + " lead out of its folder; names are relative, without '..', '\\', ':' and control"
              + " characters",
          failure("org/tiny"));
    }
  }

  @Test
  void anAnswerThatIsNoListingIsRefused() {
    for (String answer :
        List.of("<html>log in</html>", "{}", "{\"sha\": \"../..\", \"siblings\": []}")) {
      server.always("GET", "listing", (exchange, content) -> HubServer.json(exchange, answer));
      String message = failure("org/tiny");
      assertTrue(
          message.endsWith("did not answer as a Hugging Face hub does; check HF_ENDPOINT")
              || message.endsWith("names no commit: sha must be 40 hexadecimal digits"),
          message);
    }
  }

  // ---------------------------------------------------------------- busy servers

  @Test
  void waitsAsLongAsABusyHubAsks() throws Exception {
    server.once("GET", "listing", HubServer.status(429, "Retry-After", "7"));
    server.once("HEAD", WEIGHTS, HubServer.status(429, "Retry-After", "11"));
    server.once("GET", ELSEWHERE, HubServer.status(429, "Retry-After", "13"));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(
        List.of(Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(13)), pauses);
  }

  @Test
  void understandsRetryAfterADate() throws Exception {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).minusHours(1));
    server.once(
        "GET",
        "listing",
        HubServer.status(429, "Retry-After", date),
        HubServer.status(429, "Retry-After", "soon"));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(Duration.ZERO, Duration.ofSeconds(2)), pauses);
  }

  @Test
  void aHubThatAsksForTooLongAWaitIsLeft() {
    server.once("GET", "listing", HubServer.status(429, "Retry-After", "3600"));
    assertEquals(
        server.address()
            + " answered with status 429 to the request for the files of org/tiny, and asks to wait"
            + " for 3600 seconds before the next try",
        failure("org/tiny"));
    assertEquals(List.of(), pauses);
  }

  @Test
  void triesAgainAfterA503WithLongerPauses() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.status(503), HubServer.status(503));
    server.once("GET", "config.json", HubServer.status(500));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2)),
        pauses.stream().sorted().toList());
  }

  @Test
  void anEndless503EndsWithAMessage() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.status(503));
    assertEquals(
        server.address()
            + " answered with status 503 to the request for model.safetensors, 4 times in a row;"
            + " try again later: what came is kept",
        failure("org/tiny"));
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)), pauses);
    assertOnlyBlobsAreLeft();
  }

  @Test
  void anAnswerThatNobodyExpectsIsNamed() {
    server.always("GET", "listing", HubServer.status(418));
    assertEquals(
        server.address()
            + " answered with status 418 to the request for the files of org/tiny; check"
            + " HF_ENDPOINT, or try again later",
        failure("org/tiny"));
  }

  // ---------------------------------------------------------------- redirects and the token

  @Test
  void theTokenGoesToTheHubAndNeverElsewhere() throws Exception {
    environment.put("HF_TOKEN", " " + SECRET + "\n");
    server.once("GET", ELSEWHERE, HubServer.cutAfter(1000), HubServer.status(503));
    fetch("org/tiny");
    assertIsWhole();
    assertTrue(server.seen.stream().allMatch(s -> ("Bearer " + SECRET).equals(s.authorization())));
    assertEquals(3, server.seenElsewhere.size());
    server.seenElsewhere.forEach(request -> assertNull(request.authorization()));
  }

  @Test
  void relativeRedirectsStayOnTheHubWithTheToken() throws Exception {
    environment.put("HF_TOKEN", SECRET);
    String moved = "/org/tiny/resolve/" + HubServer.COMMIT + "/config.json";
    server.once(
        "HEAD", "config.json", HubServer.redirectTo(moved), HubServer.redirectTo("config.json"));
    server.once("GET", "config.json", HubServer.redirectTo(moved));
    fetch("org/tiny");
    assertIsWhole();
    assertTrue(server.seen.stream().allMatch(s -> ("Bearer " + SECRET).equals(s.authorization())));
  }

  @Test
  void aRedirectOfTheListingToAnotherHostTakesNoTokenAlong() {
    environment.put("HF_TOKEN", SECRET);
    server.always("GET", "listing", HubServer.redirectTo(server.addressElsewhere() + "/evil"));
    server.always("GET", "elsewhere /evil", HubServer.status(404));
    failure("org/tiny");
    assertEquals(1, server.seenElsewhere.size());
    assertNull(server.seenElsewhere.get(0).authorization());
  }

  @Test
  void redirectsInACircleEnd() {
    String again = server.address() + "/org/tiny/resolve/" + HubServer.COMMIT + "/config.json";
    server.always("HEAD", "config.json", HubServer.redirectTo(again));
    assertEquals(
        server.address() + " redirects more than 10 times; check HF_ENDPOINT", failure("org/tiny"));
  }

  @Test
  void aStorageThatRedirectsInACircleIsLeftToo() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.redirectTo("?again=1"));
    assertEquals(
        server.address() + " redirects more than 10 times; check HF_ENDPOINT", failure("org/tiny"));
    assertOnlyBlobsAreLeft();
  }

  @Test
  void otherSchemesAreNotFollowed() throws Exception {
    for (String location : List.of("file:///etc/passwd", "ftp://host/x", "javascript:x")) {
      server.always("GET", ELSEWHERE, HubServer.redirectTo(location));
      assertEquals(
          server.addressElsewhere()
              + " redirects to '"
              + location.substring(0, location.indexOf(':'))
              + "', which is not http or https",
          failure("org/tiny"));
    }
    assertOnlyBlobsAreLeft();
  }

  @Test
  void noMessageShowsTheTokenOrASignedAddress() {
    environment.put("HF_TOKEN", SECRET);
    HubServer.Fault[] faults = {
      HubServer.status(401, "X-Error-Message", SECRET),
      HubServer.status(403, "X-Error-Code", "GatedRepo", "X-Error-Message", SECRET),
      HubServer.status(404),
      HubServer.status(418, "Server", SECRET),
      HubServer.status(503),
      HubServer.redirectTo("file:///" + SECRET),
      HubServer.redirectTo("?Signature=secret"),
      HubServer.instead(SECRET.getBytes()),
      HubServer.cutAfter(0),
    };
    for (String file : List.of("listing", "config.json", ELSEWHERE)) {
      for (HubServer.Fault fault : faults) {
        server.always("GET", file, fault);
        Deletion.of(cache()); // the other files may have come
        try {
          hub().fetch(HubName.parse("org/tiny").orElseThrow(), ProgressListener.NONE);
          throw new AssertionError("it should fail");
        } catch (FetchException e) {
          StringWriter trace = new StringWriter();
          e.printStackTrace(new PrintWriter(trace));
          assertFalse(trace.toString().contains("secret"), trace::toString);
        }
      }
      server.always("GET", file, null);
    }
    assertFalse(HubSettings.of(environment, "").toString().contains("secret"));
    assertFalse(HubSettings.of(environment, "").token().toString().contains("secret"));
  }

  // ---------------------------------------------------------------- interrupts and neighbours

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
        new Thread(() -> patient.fetch(HubName.parse("org/tiny").orElseThrow(), progress));
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
