package io.kerf.model;

import io.kerf.text.Tokenizer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A transformer language model as a value: nothing in it changes. A compression returns another one
 * that shares every tensor it did not touch.
 *
 * @param config sizes and switches; the number of blocks is {@code blocks.size()}
 * @param shared parameters outside the blocks, by role
 * @param blocks first to last
 */
public record Model(
    Config config,
    Map<Role, Parameter> shared,
    List<Block> blocks,
    Tokenizer tokenizer,
    Lineage lineage) {
  public Model {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(lineage, "lineage");
    shared = Collections.unmodifiableMap(new EnumMap<>(shared));
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("a model needs at least one block");
    }
  }

  /** The model as loaded or compressed, short: "dense", "magnitude 50% attention". */
  public String label() {
    return lineage.label();
  }

  /** How many numbers all parameters hold. */
  public long elements() {
    return everyParameter().mapToLong(Parameter::elements).sum();
  }

  /** How many bytes all parameters take as held. */
  public long sizeBytes() {
    return everyParameter().mapToLong(Parameter::sizeBytes).sum();
  }

  private java.util.stream.Stream<Parameter> everyParameter() {
    return java.util.stream.Stream.concat(
        shared.values().stream(), blocks.stream().flatMap(b -> b.parameters().values().stream()));
  }

  /** The same model with other blocks and one more step of lineage. */
  public Model withBlocks(List<Block> replacement, Lineage.Step step) {
    return new Model(config, shared, replacement, tokenizer, lineage.then(step));
  }

  /** The same model with other weights everywhere and one more step of lineage. */
  public Model with(Map<Role, Parameter> newShared, List<Block> newBlocks, Lineage.Step step) {
    return new Model(config, newShared, newBlocks, tokenizer, lineage.then(step));
  }
}
