package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens whose keys and values an {@link Ensemble} keeps for several of its decoders, those of
 * blocks that they share once. It owns native memory; close it, or the ensemble closes it.
 */
public final class EnsemblePrefix implements AutoCloseable {
  private final PtNDManager memory;
  private final int length;
  private final Map<Integer, Prefix> prefixes = new HashMap<>(); // by member
  private boolean closed;

  EnsemblePrefix(
      PtNDManager memory,
      List<DecoderSession> sessions,
      BlockTree tree,
      EnsemblePrefix before,
      int tokens) {
    this.memory = memory;
    this.length = tokens + (before == null ? 0 : before.length);
    Map<Integer, List<NDArray>> keys = new HashMap<>();
    Map<Integer, List<NDArray>> values = new HashMap<>();
    for (int member : tree.members()) {
      keys.put(member, new ArrayList<>());
      values.put(member, new ArrayList<>());
    }
    allocate(tree, Prefix.size(sessions.get(0), tokens), keys, values);
    for (int member : tree.members()) {
      Prefix earlier = before == null ? null : before.of(member);
      prefixes.put(
          member,
          new Prefix(sessions.get(member), earlier, tokens, keys.get(member), values.get(member)));
    }
  }

  private void allocate(
      BlockTree tree,
      Shape size,
      Map<Integer, List<NDArray>> keys,
      Map<Integer, List<NDArray>> values) {
    for (int l = tree.from(); l < tree.to(); l++) {
      NDArray key = memory.create(size, DataType.FLOAT32);
      NDArray value = memory.create(size, DataType.FLOAT32);
      tree.members().forEach(member -> keys.get(member).add(key));
      tree.members().forEach(member -> values.get(member).add(value));
    }
    tree.branches().forEach(branch -> allocate(branch, size, keys, values));
  }

  /** How many tokens stand before what follows. */
  int length() {
    return length;
  }

  /** One member's. */
  Prefix of(int member) {
    Prefix prefix = prefixes.get(member);
    if (prefix == null) {
      throw new IllegalArgumentException(
          "this prefix was computed for members "
              + prefixes.keySet()
              + ", not for "
              + member
              + ": compute one for all that continue it");
    }
    return prefix;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      prefixes.values().forEach(Prefix::close);
      memory.close();
    }
  }
}
