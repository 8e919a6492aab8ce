package io.kerf.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub of this process: one model repository, small files served by itself, large ones by another
 * server, to which it redirects. It misbehaves as it is told to.
 */
public final class HubServer implements AutoCloseable {
  public static final String REPOSITORY = "org/tiny";
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What is done instead of an honest answer. */
  interface Fault {
    void answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  /** A request that came. Null where it had no such header. */
  record Seen(String method, String file, String range, String authorization) {
    @Override
    public String toString() {
      return method + " " + file + (range == null ? "" : " " + range);
    }
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final List<Seen> seenElsewhere = new CopyOnWriteArrayList<>();
  final Map<String, String> revisions = new ConcurrentHashMap<>(Map.of("main", COMMIT));
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> commits = new ConcurrentHashMap<>(); // of files, if another
  private String api = "/api/models/";
  private String path = "/";
  private final List<String> large = new ArrayList<>();
  private final List<String> alsoListed = new ArrayList<>();
  private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
  private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
  private final ExecutorService serving = Executors.newCachedThreadPool();
  private final HttpServer hub;
  private final HttpServer elsewhere;

  public HubServer() throws IOException {
    hub = start(seen, this::answer);
    elsewhere = start(seenElsewhere, this::answerElsewhere);
  }

  private interface Handler {
    void handle(HttpExchange exchange, String file) throws IOException;
  }

  private HttpServer start(List<Seen> seen, Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serving);
    server.createContext(
        "/",
        exchange -> {
          String file = file(exchange.getRequestURI().getPath());
          seen.add(
              new Seen(
                  exchange.getRequestMethod(),
                  file,
                  exchange.getRequestHeaders().getFirst("Range"),
                  exchange.getRequestHeaders().getFirst("Authorization")));
          try (exchange) {
            handler.handle(exchange, file);
          }
        });
    server.start();
    return server;
  }

  @Override
  public void close() {
    hub.stop(0);
    elsewhere.stop(0);
    serving.shutdownNow();
  }

  public String address() {
    return "http://localhost:" + hub.getAddress().getPort();
  }

  String addressElsewhere() {
    return "http://localhost:" + elsewhere.getAddress().getPort();
  }

  /** Puts a file into the repository, as git keeps it. */
  public HubServer put(String file, byte[] content) {
    files.put(file, content);
    return this;
  }

  public HubServer put(String file, String content) {
    return put(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a file into large-file storage. */
  public HubServer putLarge(String file, byte[] content) {
    large.add(file);
    return put(file, content);
  }

  /** All files of a folder; weights go to large-file storage. */
  public HubServer putAll(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = path.getFileName().toString();
        boolean weights = name.matches(".*\\.(safetensors|bin|gguf)");
        if (weights) {
          putLarge(name, Files.readAllBytes(path));
        } else {
          put(name, Files.readAllBytes(path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The repository holds a data set from now on. */
  public HubServer ofDataset() {
    api = "/api/datasets/";
    path = "/datasets/";
    return this;
  }

  /** Which commit each revision is at. */
  public Map<String, String> revisions() {
    return revisions;
  }

  /** Puts a file into another revision, whose only files are put in this way. */
  public HubServer putAt(String revision, String file, byte[] content) {
    revisions.put(revision, gitSha1(revision.getBytes(StandardCharsets.UTF_8)));
    commits.put(file, revisions.get(revision));
    return putLarge(file, content);
  }

  /** A name that is listed, though nothing is there. */
  void list(String file) {
    alsoListed.add(file);
  }

  /** The next requests meet these in turn, then honesty; for the listing, the file is "listing". */
  void once(String method, String file, Fault... instead) {
    faults
        .computeIfAbsent(method + " " + file, key -> new ConcurrentLinkedQueue<>())
        .addAll(Arrays.asList(instead));
  }

  /** Every request meets this; null for honesty again. */
  void always(String method, String file, Fault instead) {
    if (instead == null) {
      lasting.remove(method + " " + file);
    } else {
      lasting.put(method + " " + file, instead);
    }
  }

  /** How often a file's bytes were asked for. */
  public long gets(String file) {
    return Stream.concat(seen.stream(), seenElsewhere.stream())
        .filter(request -> request.method().equals("GET") && request.file().equals(file))
        .count();
  }

  String etag(String file) {
    byte[] content = files.get(file);
    return large.contains(file) ? sha256(content) : gitSha1(content);
  }

  byte[] content(String file) {
    return files.get(file);
  }

  // ------------------------------------------------------------------------ answers

  private static String file(String path) {
    int resolve = path.indexOf("/resolve/");
    if (resolve >= 0) {
      return path.substring(path.indexOf('/', resolve + "/resolve/".length()) + 1);
    }
    if (path.startsWith("/elsewhere/")) {
      return path.substring("/elsewhere/".length());
    }
    return path.contains("/tree/") ? "tree" : path.contains("/revision/") ? "listing" : path;
  }

  private Fault fault(HttpExchange exchange, String place, String file) {
    String key = exchange.getRequestMethod() + " " + place + file;
    Queue<Fault> queue = faults.get(key);
    Fault next = queue == null ? null : queue.poll();
    return next != null ? next : lasting.get(key);
  }

  private void answer(HttpExchange exchange, String file) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Fault fault = fault(exchange, "", file);
    if (fault != null) {
      fault.answer(exchange, files.get(file));
    } else if (!path.startsWith(api + REPOSITORY + "/")
        && !path.startsWith(this.path + REPOSITORY + "/resolve/")) {
      status(exchange, 401, "RepoNotFound");
    } else if (path.contains("/revision/")) {
      String revision = path.substring(path.indexOf("/revision/") + "/revision/".length());
      boolean isCommit = revisions.containsValue(revision);
      String commit = isCommit ? revision : revisions.get(revision);
      if (commit == null) {
        status(exchange, 404, "RevisionNotFound");
      } else {
        json(exchange, listing(commit));
      }
    } else if (path.contains("/tree/")) {
      json(exchange, tree());
    } else if (!files.containsKey(file)) {
      status(exchange, 404, "EntryNotFound");
    } else {
      exchange.getResponseHeaders().set("X-Repo-Commit", commits.getOrDefault(file, COMMIT));
      if (large.contains(file)) {
        exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + etag(file) + "\"");
        exchange.getResponseHeaders().set("X-Linked-Size", "" + files.get(file).length);
        redirect(exchange, addressElsewhere() + "/elsewhere/" + file + "?Signature=secret");
      } else {
        exchange.getResponseHeaders().set("ETag", "\"" + etag(file) + "\"");
        serve(exchange, files.get(file));
      }
    }
  }

  private void answerElsewhere(HttpExchange exchange, String file) throws IOException {
    Fault fault = fault(exchange, "elsewhere ", file);
    exchange.getResponseHeaders().set("ETag", "\"of-the-storage\"");
    if (fault != null) {
      fault.answer(exchange, files.get(file));
    } else {
      serve(exchange, files.get(file));
    }
  }

  private String listing(String commit) {
    List<Map<String, String>> siblings =
        Stream.concat(files.keySet().stream(), alsoListed.stream())
            .filter(name -> commits.getOrDefault(name, COMMIT).equals(commit))
            .map(name -> Map.of("rfilename", name))
            .toList();
    return Json.write(Map.of("id", REPOSITORY, "sha", commit, "siblings", siblings));
  }

  private String tree() {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (String file : files.keySet()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("type", "file");
      entry.put("path", file);
      entry.put("size", files.get(file).length);
      entry.put("oid", gitSha1(files.get(file)));
      if (large.contains(file)) {
        entry.put(
            "lfs", Map.of("oid", etag(file), "size", files.get(file).length, "pointerSize", 134));
      }
      entries.add(entry);
    }
    return Json.write(entries);
  }

  static void status(HttpExchange exchange, int status, String code) throws IOException {
    if (code != null) {
      exchange.getResponseHeaders().set("X-Error-Code", code);
    }
    exchange.sendResponseHeaders(status, -1);
  }

  static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
  }

  static void json(HttpExchange exchange, String json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    serve(exchange, json.getBytes(StandardCharsets.UTF_8));
  }

  /** An honest answer, which heeds a Range. */
  static void serve(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=|-", ""));
    if (range != null && from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }
    write(exchange, range == null ? 200 : 206, Arrays.copyOfRange(content, from, content.length));
  }

  /** All of it, whatever was asked for. */
  static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", "" + body.length);
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  // ------------------------------------------------------------------------ faults

  static Fault status(int status, String... headers) {
    return (exchange, content) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  static Fault redirectTo(String location) {
    return (exchange, content) -> redirect(exchange, location);
  }

  /** Promises what was asked for, sends so many bytes of it, and breaks off. */
  static Fault cutAfter(int bytes) {
    return (exchange, content) -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=|-", ""));
      if (range != null) {
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
      exchange.getResponseBody().write(content, from, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /** Promises a document and sends nothing of it. */
  static Fault cutAfterHeaders() {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().flush();
    };
  }

  /** Says nothing at all until the server is closed. */
  static Fault never() {
    return (exchange, content) -> sleep(600_000);
  }

  /** Sends so many bytes, and the others once it is opened. */
  static final class Gate implements Fault {
    private final int bytes;
    private final CountDownLatch opened = new CountDownLatch(1);

    Gate(int bytes) {
      this.bytes = bytes;
    }

    void open() {
      opened.countDown();
    }

    @Override
    public void answer(HttpExchange exchange, byte[] content) throws IOException {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, bytes);
      exchange.getResponseBody().flush();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the server is closed
      }
      exchange.getResponseBody().write(content, bytes, content.length - bytes);
    }
  }

  /** Sends other bytes, all of them, whatever was asked for. */
  static Fault instead(byte[] other) {
    return (exchange, content) -> write(exchange, 200, other);
  }

  /** Sends other bytes without saying how many there are. */
  static Fault insteadInChunks(byte[] other) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(other);
    };
  }

  /** Sends so many bytes, then nothing until the server is closed. */
  static Fault silentAfter(int bytes) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, bytes);
      exchange.getResponseBody().flush();
      sleep(600_000);
    };
  }

  /** Sends a little at a time. */
  static Fault slowly(int pieces) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      for (int i = 0; i < pieces; i++) {
        int from = content.length / pieces * i;
        int to = i == pieces - 1 ? content.length : content.length / pieces * (i + 1);
        exchange.getResponseBody().write(content, from, to - from);
        exchange.getResponseBody().flush();
        sleep(2);
      }
    };
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server is closed
    }
  }

  // ------------------------------------------------------------------------ hashes

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  static String gitSha1(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return hash("SHA-1", whole);
  }

  private static String hash(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
