package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.model.Config;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens whose keys and values a {@link DecoderSession} keeps, so that whatever follows them is
 * computed without them. It owns native memory; close it, or the session closes it.
 *
 * <p>A prefix may extend another: it holds what is its own, and needs the other open.
 */
public final class Prefix implements AutoCloseable {
  private final DecoderSession session;
  private final Prefix before; // or null
  private final int own; // tokens
  private final PtNDManager memory;
  private final List<NDArray> keys = new ArrayList<>(); // of each block: (K, own, E)
  private final List<NDArray> values = new ArrayList<>();
  private final long sizeBytes;
  private boolean closed;

  Prefix(DecoderSession session, PtNDManager memory, Prefix before, int tokens) {
    this.session = session;
    this.before = before;
    this.own = tokens;
    this.memory = memory;
    Config.Attention attention = session.model().config().attention();
    Shape size = new Shape(attention.keyValueHeads(), tokens, attention.headWidth());
    for (int l = 0; l < session.model().blocks().size(); l++) {
      keys.add(memory.create(size, DataType.FLOAT32));
      values.add(memory.create(size, DataType.FLOAT32));
    }
    this.sizeBytes = 2L * keys.size() * size.size() * Float.BYTES;
  }

  /** How many tokens stand before what follows, those of the prefix it extends among them. */
  public int length() {
    return own + (before == null ? 0 : before.length());
  }

  /** Bytes of the keys and values that it holds itself. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Fails unless it can be continued in that session. */
  void requireOpenIn(DecoderSession user) {
    if (session != user) {
      throw new IllegalArgumentException(
          "this prefix was computed by another session of "
              + session.model().label()
              + ": compute it in the one that continues it");
    }
    for (Prefix part = this; part != null; part = part.before) {
      if (part.closed) {
        throw new IllegalStateException(
            part == this
                ? "this prefix is closed: compute it again"
                : "the prefix that this one extends is closed: keep it open until this one is");
      }
    }
  }

  List<NDArray> ownKeys() {
    return keys;
  }

  List<NDArray> ownValues() {
    return values;
  }

  /** Of all parts, the first tokens' first: one a block of each part. */
  static List<NDArray> keys(Prefix prefix) {
    return prefix == null ? List.of() : joined(keys(prefix.before), prefix.keys);
  }

  static List<NDArray> values(Prefix prefix) {
    return prefix == null ? List.of() : joined(values(prefix.before), prefix.values);
  }

  private static List<NDArray> joined(List<NDArray> first, List<NDArray> then) {
    List<NDArray> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }
}
