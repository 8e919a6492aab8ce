package io.kerf.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Sends requests to a hub and follows its redirects by hand, so that the token goes to the hub's
 * own address alone: large files lie on other hosts.
 */
final class HubHttp {
  private static final int MAX_REDIRECTS = 10;

  /** Longer listings, indices and configurations are not read. */
  static final int MAX_DOCUMENT_BYTES = 64 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(15);

  private final HubEndpoint endpoint;
  private final Optional<HubToken> token;
  private final Patience patience;
  private final String setting; // what the user sets where the address is wrong
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(
              HttpClient.Version.HTTP_1_1) // a connection each for files that come side by side
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private volatile boolean reached;

  HubHttp(HubEndpoint endpoint, Optional<HubToken> token, Patience patience) {
    this(endpoint, token, patience, "HF_ENDPOINT");
  }

  private HubHttp(
      HubEndpoint endpoint, Optional<HubToken> token, Patience patience, String setting) {
    this.endpoint = endpoint;
    this.token = token;
    this.patience = patience;
    this.setting = setting;
  }

  /** Asks a server that is no hub, and never with a token. */
  static HubHttp of(URI address, Patience patience) {
    URI base = URI.create(HubEndpoint.host(address));
    return new HubHttp(new HubEndpoint(base), Optional.empty(), patience, "the address");
  }

  HubEndpoint endpoint() {
    return endpoint;
  }

  Patience patience() {
    return patience;
  }

  Optional<HubToken> token() {
    return token;
  }

  /**
   * An answer that is no redirect that was to be followed.
   *
   * @param status of the last answer
   * @param headers of the last answer
   * @param linked what the hub itself said of the file on the way
   * @param body of the last answer; to be closed
   */
  record Answer(int status, HttpHeaders headers, Linked linked, BodyChunks body)
      implements AutoCloseable {
    /** Whether it may be otherwise the next time. */
    boolean transientFailure() {
      return status == 408 || status == 429 || status >= 500;
    }

    String retryAfter() {
      return headers.firstValue("Retry-After").map(String::strip).orElse(null);
    }

    @Override
    public void close() {
      body.close();
    }
  }

  /** What the hub says of a file, in the first answer that says it. Null where none did. */
  record Linked(String etag, String sizeBytes, String commit) {
    static final Linked NOTHING = new Linked(null, null, null);

    Linked or(HttpHeaders headers, boolean redirects) {
      // A redirecting answer's own length and etag are those of the redirect.
      String ownEtag = redirects ? null : headers.firstValue("ETag").orElse(null);
      String ownSize = redirects ? null : headers.firstValue("Content-Length").orElse(null);
      return new Linked(
          first(etag, headers.firstValue("X-Linked-Etag").orElse(ownEtag)),
          first(sizeBytes, headers.firstValue("X-Linked-Size").orElse(ownSize)),
          first(commit, headers.firstValue("X-Repo-Commit").orElse(null)));
    }

    private static String first(String known, String other) {
      return known != null ? known : other;
    }
  }

  /**
   * Asks until there is an answer that stays: what fails for the moment is tried again.
   *
   * @param method GET, or HEAD, which follows no redirect that leaves the hub
   * @param what what is asked for, for messages
   */
  Answer ask(String method, URI address, String what) throws InterruptedException {
    Patience.Failures failures = patience.failures();
    while (true) {
      try {
        Answer answer = send(method, address, 0);
        if (!answer.transientFailure()) {
          return answer;
        }
        answer.close();
        failures.add(refused(answer, what), answer.retryAfter(), null);
      } catch (IOException e) {
        failed(failures, e, what);
      }
    }
  }

  /** A whole document of bounded length. */
  byte[] document(Answer answer, String what) throws IOException, InterruptedException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    for (List<ByteBuffer> chunk; (chunk = answer.body().next(patience.silence())) != null; ) {
      for (ByteBuffer bytes : chunk) {
        if (document.size() > MAX_DOCUMENT_BYTES - bytes.remaining()) {
          throw new FetchException(what + " is longer than " + MAX_DOCUMENT_BYTES + " bytes");
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        document.writeBytes(copy);
      }
    }
    return document.toByteArray();
  }

  /** "https://... answered with status 503 to the request for config.json". */
  String refused(Answer answer, String what) {
    return HubEndpoint.host(endpoint.base())
        + " answered with status "
        + answer.status()
        + " to the request for "
        + what;
  }

  /** Counts what was thrown; a hub that was never reached is not waited for. */
  void failed(Patience.Failures failures, IOException e, String what) throws InterruptedException {
    String why = words(e);
    boolean unreachable =
        e instanceof ConnectException
            || e instanceof HttpConnectTimeoutException
            || e instanceof SSLException;
    if (unreachable && !reached) {
      throw new FetchException(
          "cannot reach "
              + endpoint.base()
              + " for "
              + what
              + " ("
              + why
              + "), and they are not all here; check the network, the proxy (Java's"
              + " https.proxyHost) and "
              + setting,
          e);
    }
    failures.add("the request for " + what + " failed (" + why + ")", null, e);
  }

  /** The class of what was thrown, and the first message that it or a cause of it has. */
  private static String words(IOException e) {
    Throwable last = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        return e.getClass().getSimpleName() + ": " + cause.getMessage();
      }
      last = cause;
    }
    String why = last == e ? "" : ", " + last.getClass().getSimpleName();
    return e.getClass().getSimpleName() + why; // ConnectException, UnresolvedAddressException
  }

  /**
   * Sends one request and follows redirects.
   *
   * @param fromByte where the answer's body is to begin
   */
  Answer send(String method, URI start, long fromByte) throws IOException, InterruptedException {
    URI at = start;
    Linked linked = Linked.NOTHING;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<BodyChunks> response = once(method, at, fromByte);
      Optional<String> location = response.headers().firstValue("Location");
      boolean redirects = isRedirect(response.statusCode());
      if (endpoint.owns(at)) {
        linked = linked.or(response.headers(), redirects);
      }
      if (redirects && location.isPresent()) {
        response.body().close();
        URI next = HubEndpoint.redirect(at, location.get(), setting);
        if (!method.equals("HEAD") || endpoint.owns(next)) {
          at = next;
          continue;
        }
      }
      return new Answer(response.statusCode(), response.headers(), linked, response.body());
    }
    throw new FetchException(
        HubEndpoint.host(start)
            + " redirects more than "
            + MAX_REDIRECTS
            + " times; check "
            + setting);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private HttpResponse<BodyChunks> once(String method, URI address, long fromByte)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept-Encoding", "identity"); // lengths and hashes are of the plain bytes
    if (fromByte > 0) {
      request.header("Range", "bytes=" + fromByte + "-");
    }
    if (endpoint.owns(address)) {
      token.ifPresent(secret -> request.header("Authorization", secret.header()));
    }
    CompletableFuture<HttpResponse<BodyChunks>> answer =
        client.sendAsync(request.build(), headers -> new BodyChunks());
    try {
      HttpResponse<BodyChunks> response =
          answer.get(patience.silence().toMillis(), TimeUnit.MILLISECONDS);
      reached = true;
      return response;
    } catch (TimeoutException e) {
      throw new HttpTimeoutException(
          "no answer for " + patience.silence().toMillis() / 1000.0 + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    } finally {
      if (!answer.isDone()) {
        answer.cancel(true);
      }
    }
  }
}
