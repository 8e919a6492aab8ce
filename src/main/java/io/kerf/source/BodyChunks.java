package io.kerf.source;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body, read piece by piece as it comes. Unlike Java's own stream, a read ends if
 * nothing comes for a while. Closing it early closes the connection.
 */
final class BodyChunks implements HttpResponse.BodySubscriber<BodyChunks>, AutoCloseable {
  /** What came: bytes, or why no more will; neither at the end. */
  private record Event(List<ByteBuffer> bytes, Throwable failure) {}

  private final BlockingQueue<Event> events =
      new LinkedBlockingQueue<>(); // one at a time is asked for
  private Flow.Subscription subscription;
  private boolean closed;

  @Override
  public CompletionStage<BodyChunks> getBody() {
    return CompletableFuture.completedStage(this); // as soon as the headers are here
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Event(bytes, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(null, failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event(null, null));
  }

  /**
   * The next bytes.
   *
   * @param silence how long they may take
   * @return null at the end; it must not be asked again then
   * @throws IOException if the connection broke, or nothing came
   */
  List<ByteBuffer> next(Duration silence) throws IOException, InterruptedException {
    Event event = events.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new HttpTimeoutException("nothing came for " + silence.toMillis() / 1000.0 + " s");
    }
    if (event.failure() != null) {
      throw new IOException(event.failure().getMessage(), event.failure());
    }
    if (event.bytes() != null) {
      synchronized (this) {
        subscription.request(1);
      }
    }
    return event.bytes();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
