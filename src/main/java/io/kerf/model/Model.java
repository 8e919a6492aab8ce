package io.kerf.model;

import io.kerf.tensor.Tensor;
import io.kerf.text.Tokenizer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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

  /** How many numbers all parameters hold, those of a tensor with several places once. */
  public long elements() {
    return tensors().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
  }

  /** How many bytes all parameters take as held, those of a tensor with several places once. */
  public long sizeBytes() {
    return tensors().stream().mapToLong(Tensor::sizeBytes).sum();
  }

  /** Every tensor once, also one that several blocks share. */
  private Set<Tensor> tensors() {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Stream.concat(
            shared.values().stream(),
            blocks.stream().flatMap(block -> block.parameters().values().stream()))
        .flatMap(parameter -> Stream.of(parameter.weight(), parameter.bias()))
        .filter(Objects::nonNull)
        .forEach(seen::add);
    return seen;
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
