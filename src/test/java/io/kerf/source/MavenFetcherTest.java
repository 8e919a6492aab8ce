package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against repositories in a folder and on a server of this process; Maven Central is not asked. */
class MavenFetcherTest {
  @TempDir Path folder;
  private final TinyModel model = TinyModel.jar();
  private final ExecutorService serving = Executors.newCachedThreadPool();
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private Path home;
  private Path remote;
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    home = Files.createDirectories(folder.resolve("home/.m2"));
    remote = folder.resolve("remote");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serving);
    server.start();
  }

  @AfterEach
  void stopServer() {
    ended.countDown();
    server.stop(0);
    serving.shutdownNow();
  }

  private void settings(String settings) throws IOException {
    Files.writeString(home.resolve("settings.xml"), "<settings>" + settings + "</settings>");
  }

  private void mirror(String url) throws IOException {
    settings(mirrorOfAll(url));
  }

  private static String mirrorOfAll(String url) {
    return "<mirrors><mirror><id>corp</id><mirrorOf>*</mirrorOf><url>"
        + url
        + "</url></mirror></mirrors>";
  }

  private String serverAddress() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private Fetched fetch(ProgressListener listener) {
    return new Downloads(
            new Cache(folder.resolve("kerf")),
            () -> UserMaven.read(home, null, new Properties(), Map.of()),
            null)
        .fetch(model.onMaven(), listener);
  }

  private String failure() throws IOException {
    String message =
        assertThrows(FetchException.class, () -> fetch(ProgressListener.NONE)).getMessage();
    assertNothingIsLeft();
    return message;
  }

  private void assertNothingIsLeft() throws IOException {
    assertFalse(Files.exists(home.resolve("repository")));
    assertFalse(Files.exists(folder.resolve("kerf/staging/tiny")));
  }

  private static void answer(HttpExchange exchange, byte[] bytes) throws IOException {
    boolean jar = exchange.getRequestURI().getPath().equals("/" + TinyModel.ARTIFACT.path());
    exchange.sendResponseHeaders(jar ? 200 : 404, jar ? bytes.length : -1);
    if (jar) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Test
  void bringsTheJarIntoTheLocalRepositoryFromAMirrorInAFolder() throws Exception {
    model.deploy(remote);
    mirror(remote.toUri().toString());
    SeenProgress seen = new SeenProgress();
    Fetched fetched = fetch(seen);
    assertEquals(home.resolve("repository").resolve(TinyModel.ARTIFACT.path()), fetched.path());
    assertArrayEquals(model.bytes(), Files.readAllBytes(fetched.path()));
    assertEquals("Maven Central com.example.models:tiny:1.0.0", fetched.origin());
    assertEquals(List.of("Downloading tiny 300000 bytes"), seen.started);
    assertEquals(300_000, seen.done.get());
    assertEquals(Set.of(Thread.currentThread()), Set.copyOf(seen.threads));
    try (Stream<Path> files = Files.list(fetched.path().getParent())) {
      assertEquals(List.of(fetched.path()), files.toList());
    }
  }

  @Test
  void givesAServerTheCredentialsOfTheSettings() throws Exception {
    server
        .createContext("/", exchange -> answer(exchange, model.bytes()))
        .setAuthenticator(
            new BasicAuthenticator("maven") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return user.equals("me") && password.equals("secret");
              }
            });
    String login = "<servers><server><id>corp</id><username>me</username><password>%s</password>";
    settings(mirrorOfAll(serverAddress()) + login.formatted("wrong") + "</server></servers>");
    assertTrue(failure().contains("401"));
    settings(mirrorOfAll(serverAddress()) + login.formatted("secret") + "</server></servers>");
    assertArrayEquals(model.bytes(), Files.readAllBytes(fetch(ProgressListener.NONE).path()));
  }

  @Test
  void worksOfflineOnceTheJarIsThere() throws Exception {
    model.deploy(remote);
    mirror(remote.toUri().toString());
    Fetched first = fetch(ProgressListener.NONE);
    settings("<offline>true</offline>");
    assertEquals(first, fetch(ProgressListener.NONE));
  }

  @Test
  void offlineSaysWhereThatIsSet() throws Exception {
    settings("<offline>true</offline>");
    String message = failure();
    assertTrue(
        message.startsWith("tiny: cannot download com.example.models:tiny:1.0.0 through Maven: "),
        message);
    assertTrue(
        message.endsWith(
            ". Maven's settings say offline: turn it off in "
                + home.resolve("settings.xml")
                + "; or put the jar at "
                + home.resolve("repository").resolve(TinyModel.ARTIFACT.path())
                + " by hand"),
        message);
  }

  @Test
  void withoutNetworkSaysWhatWasTriedAndTheWayOut() throws Exception {
    String address = serverAddress();
    server.stop(0);
    mirror(address);
    String message = failure();
    assertTrue(message.contains(address), message);
    assertTrue(message.contains("Connection refused") || message.contains("refused"), message);
    assertTrue(
        message.contains(
            ". Check the network, and mirrors and proxies in " + home.resolve("settings.xml")),
        message);
  }

  @Test
  void aFailureIsNotRememberedAgainstTheNextTry() throws Exception {
    mirror(remote.toUri().toString());
    failure();
    model.deploy(remote);
    fetch(ProgressListener.NONE);
  }

  @Test
  void refusesAJarThatIsTooLongTooShortOrForged() throws Exception {
    mirror(serverAddress());
    AtomicReference<byte[]> served = new AtomicReference<>(new byte[300_001]);
    server.createContext("/", exchange -> answer(exchange, served.get()));
    String longer = failure();
    assertTrue(longer.contains("more than the expected 300000 bytes"), longer);
    served.set(new byte[299_999]);
    String shorter = failure();
    assertTrue(shorter.endsWith(" has 299999 bytes, expected 300000"), shorter);
    served.set(new byte[300_000]);
    String forged = failure();
    assertTrue(forged.endsWith(", expected " + model.file().sha256()), forged);
  }

  @Test
  void aConnectionThatBreaksLeavesNothing() throws Exception {
    mirror(serverAddress());
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, model.bytes().length);
          exchange.getResponseBody().write(model.bytes(), 0, 100_000);
          exchange.close();
        });
    failure();
  }

  private void answerThirdThenFallSilent(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, model.bytes().length);
    exchange.getResponseBody().write(model.bytes(), 0, 100_000);
    exchange.getResponseBody().flush();
    answered.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static Throwable interrupted(Thread cell, AtomicReference<Throwable> seen)
      throws InterruptedException {
    cell.interrupt();
    cell.join();
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
    return seen.get();
  }

  private Thread cell(ProgressListener listener, AtomicReference<Throwable> seen) {
    Thread cell = new Thread(() -> fetch(listener));
    cell.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
    cell.start();
    return cell;
  }

  @Test
  void aServerThatFallsSilentIsLeftAtAnInterrupt() throws Exception {
    mirror(serverAddress());
    server.createContext("/", this::answerThirdThenFallSilent);
    SeenProgress progress = new SeenProgress();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell = cell(progress, seen);
    Until.holds("all bytes are read", () -> progress.done.get() == 100_000);
    assertEquals(
        "Downloading com.example.models:tiny:1.0.0 was interrupted",
        interrupted(cell, seen).getMessage());
    assertNothingIsLeft();
  }

  @Test
  void anInterruptAsTheFirstBytesComeLeavesNoFileOnceTheConnectionEnds() throws Exception {
    mirror(serverAddress());
    server.createContext("/", this::answerThirdThenFallSilent);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell = cell(ProgressListener.NONE, seen);
    answered.await();
    interrupted(cell, seen);
    ended.countDown();
    Until.holds("no file is left", () -> filesIn(folder.resolve("kerf/staging")).isEmpty());
    assertFalse(Files.exists(home.resolve("repository")));
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      return List.of(folder); // something is being removed
    }
  }
}
