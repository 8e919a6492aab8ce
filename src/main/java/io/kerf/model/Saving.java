package io.kerf.model;

import java.util.Objects;
import java.util.Optional;

/**
 * How a model is saved.
 *
 * @param type the numbers that files hold; nothing for each tensor's own: as its source stores it,
 *     float32 for what a cut has made
 * @param shardBytes weights of more bytes are written to several files
 * @param replaces whether a model that Kerf saved at the same place before may be replaced
 */
public record Saving(Optional<FloatType> type, long shardBytes, boolean replaces) {
  private static final long SHARD_BYTES = 5_000_000_000L;

  public Saving {
    Objects.requireNonNull(type, "type");
    if (shardBytes <= 0) {
      throw new IllegalArgumentException("shardBytes must be positive, was " + shardBytes);
    }
  }

  /** Every tensor in its own type, files of at most 5 GB, nothing replaced. */
  public static Saving asStored() {
    return new Saving(Optional.empty(), SHARD_BYTES, false);
  }

  /** The same with every tensor in this type. */
  public Saving as(FloatType wanted) {
    return new Saving(Optional.of(wanted), shardBytes, replaces);
  }

  /** The same with files of at most so many bytes of weights. */
  public Saving shardsOf(long bytes) {
    return new Saving(type, bytes, replaces);
  }

  /** The same, and a model that Kerf saved there before is replaced. */
  public Saving overwrite() {
    return new Saving(type, shardBytes, true);
  }
}
