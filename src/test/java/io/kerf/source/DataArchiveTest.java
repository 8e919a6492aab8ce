package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of data from a server of this process, honest and otherwise. */
class DataArchiveTest {
  private static final String FILE = "data.zip";
  private static final ArchiveLimits SMALL = new ArchiveLimits(400_000, 300_000, 5);

  @TempDir Path folder;
  private final List<Duration> pauses = new ArrayList<>();
  private HubServer server;
  private byte[] honest;

  @BeforeEach
  void start() throws IOException {
    server = new HubServer();
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("data/", new byte[0]);
    files.put("data/TREx/P1.jsonl", "{}".getBytes());
    files.put("data/noise", HubCase.bytes(100_000)); // does not compress
    honest = zip(files);
    server.put(FILE, honest);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private DataArchive archive(String sha256) {
    return new DataArchive(
        URI.create(server.address() + "/org/tiny/resolve/" + HubServer.COMMIT + "/" + FILE),
        sha256);
  }

  private Path fetch(DataArchive archive) {
    Patience patience =
        new Patience(
            3, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(20), pauses::add);
    return archive.fetch(new Cache(folder), patience, SMALL, ProgressListener.NONE);
  }

  private Path fetch() {
    return fetch(archive(HubServer.sha256(honest)));
  }

  private String refused(byte[] content) {
    server.put(FILE, content);
    DataArchive archive = archive(HubServer.sha256(content));
    return assertThrows(FetchException.class, () -> fetch(archive)).getMessage();
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  private Path part(byte[] content) {
    return folder.resolve("data").resolve(HubServer.sha256(content) + ".part");
  }

  private List<String> ranges() {
    return server.seen.stream().map(HubServer.Seen::range).toList();
  }

  @Test
  void bringsAnArchiveOnceAndUnpacksIt() throws IOException {
    Path unpacked = fetch();
    assertEquals("{}", Files.readString(unpacked.resolve("data/TREx/P1.jsonl")));
    assertEquals(100_000, Files.size(unpacked.resolve("data/noise")));
    assertFalse(Files.exists(part(honest)));
    server.close();
    assertEquals(unpacked, fetch(), "needs no server any more");
  }

  @Test
  void goesOnWhereAConnectionWasCut() {
    server.once("GET", FILE, HubServer.cutAfter(50_000), HubServer.cutAfter(30_000));
    fetch();
    assertEquals(Arrays.asList(null, "bytes=50000-", "bytes=80000-"), ranges());
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), pauses, "it went on");
  }

  @Test
  void goesOnWithWhatAnEarlierProcessLeft() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.write(part(honest), Arrays.copyOf(honest, 60_000));
    fetch();
    assertEquals(List.of("bytes=60000-"), ranges());
  }

  @Test
  void whatWasLeftWholeOrWrongIsSeenByItsHash() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.write(part(honest), honest);
    fetch();
    Files.write(part(honest), new byte[60_000]);
    io.kerf.source.Deletion.of(folder.resolve("data").resolve(HubServer.sha256(honest)));
    server.seen.clear();
    fetch();
    assertEquals(Arrays.asList("bytes=60000-", null), ranges(), "all of it came anew");
  }

  @Test
  void beginsAnewWhereAServerIgnoresOrMistakesTheRange() {
    server.once(
        "GET",
        FILE,
        HubServer.cutAfter(50_000),
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 7-8/9");
          HubServer.write(exchange, 206, new byte[2]);
        },
        HubServer.instead(honest));
    fetch();
    assertEquals(Arrays.asList(null, "bytes=50000-", "bytes=50000-"), ranges());
  }

  @Test
  void waitsForABusyServerAndFollowsRedirects() {
    server.once("GET", FILE, HubServer.status(503, "Retry-After", "7"));
    fetch();
    assertEquals(List.of(Duration.ofSeconds(7)), pauses);
    server.putLarge(FILE, honest);
    Deletion.of(folder.resolve("data"));
    fetch();
    assertEquals(1, server.seenElsewhere.size());
  }

  @Test
  void namesTheHashThatWasSeen() throws IOException {
    String message =
        assertThrows(FetchException.class, () -> fetch(archive("0".repeat(64)))).getMessage();
    assertEquals(
        "data.zip from "
            + server.address()
            + " has sha256 "
            + HubServer.sha256(honest)
            + ", expected "
            + "0".repeat(64)
            + "; it was thrown away: check the address and the sha256",
        message);
    try (var left = Files.list(folder.resolve("data"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void refusesEntriesThatLeadOutOfTheFolder() throws IOException {
    for (String name : List.of("../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:evil")) {
      String message = refused(zip(Map.of(name, new byte[1])));
      assertTrue(
          message.startsWith("an entry of data.zip is named '" + name + "', which could lead out"),
          message);
    }
    assertFalse(Files.exists(folder.resolve("evil")));
    assertFalse(Files.exists(folder.resolve("data/evil")));
  }

  @Test
  void refusesWhatUnpacksToTooMuchOrTooMany() throws IOException {
    assertEquals(
        "data.zip unpacks to more than 300000 bytes; it is not unpacked",
        refused(zip(Map.of("zeros", new byte[300_001]))));
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      many.put("f" + i, new byte[0]);
    }
    assertEquals("data.zip holds 6 entries, more than 5; it is not unpacked", refused(zip(many)));
    assertEquals(
        "data.zip is longer than 400000 bytes; it is not downloaded further",
        refused(HubCase.bytes(500_000)));
    try (var left = Files.list(folder.resolve("data"))) {
      assertTrue(left.allMatch(path -> path.toString().endsWith(".part")), "nothing half");
    }
  }

  @Test
  void refusesANameThatComesTwice() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a", new byte[1]);
    files.put("a/", new byte[0]);
    assertEquals("data.zip holds a twice; it is not unpacked", refused(zip(files)));
    files.remove("a/");
    files.put("a/b", new byte[1]);
    assertEquals("data.zip holds a/b twice; it is not unpacked", refused(zip(files)));
  }

  @Test
  void refusesWhatIsNoArchiveOrIsBroken() throws IOException {
    String message = refused("no".getBytes());
    assertTrue(message.startsWith("data.zip is no ZIP archive ("), message);
    byte[] broken = zip(Map.of("noise", HubCase.bytes(50_000)));
    Arrays.fill(broken, 35, 200, (byte) 0xff); // no deflate block is of type 3
    message = refused(broken);
    assertTrue(message.startsWith("data.zip: noise cannot be unpacked ("), message);
  }

  @Test
  void saysWhatTheServerAnswered() {
    server.always("GET", FILE, HubServer.status(404));
    DataArchive archive = archive("0".repeat(64));
    assertEquals(
        server.address()
            + " answered with status 404 to the request for data.zip; check the address, or try"
            + " again later",
        assertThrows(FetchException.class, () -> fetch(archive)).getMessage());
    server.always("GET", FILE, HubServer.redirectTo("http://"));
    assertTrue(
        assertThrows(FetchException.class, () -> fetch(archive))
            .getMessage()
            .endsWith(
                "redirects to what is not an address; check the address, or try again later"));
    server.close();
    String message = assertThrows(FetchException.class, () -> fetch(archive)).getMessage();
    assertTrue(message.startsWith("cannot reach " + server.address()), message);
    assertTrue(message.endsWith("the proxy (Java's https.proxyHost) and the address"), message);
  }

  @Test
  void keepsWhatCameWhenInterrupted() {
    Thread.currentThread().interrupt();
    var error = assertThrows(Interrupted.class, this::fetch);
    assertTrue(error.getMessage().startsWith("Downloading data.zip was interrupted"));
    fetch();
  }

  @Test
  void refusesAnAddressOrHashThatIsNone() {
    String hash = "0".repeat(64);
    assertEquals(
        "an archive is downloaded from an http or https address, was 'ftp://host/data.zip'",
        message(() -> new DataArchive(URI.create("ftp://host/data.zip"), hash)));
    assertEquals(
        "an archive is downloaded from an http or https address, was 'data.zip'",
        message(() -> new DataArchive(URI.create("data.zip"), hash)));
    assertEquals(
        "the address of an archive must be one without a user's name or password in it",
        message(() -> new DataArchive(URI.create("http://me:secret@host/data.zip"), hash)));
    assertEquals(
        "the sha256 of an archive must be 64 hexadecimal digits, was 'abc'",
        message(() -> new DataArchive(URI.create("http://host/data.zip"), "abc")));
  }

  @Test
  void namesAFolderThatCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("data"), "a file");
    String message = assertThrows(FetchException.class, this::fetch).getMessage();
    assertTrue(message.startsWith("cannot write to Kerf's folder " + folder), message);
    assertTrue(message.endsWith("KERF_HOME to a folder that can be written and has room"), message);
  }
}
