package io.kerf.model;

import io.kerf.tensor.Tensor;
import io.kerf.text.Tokenizer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
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
 * @param blocks first to last, an encoder's before a decoder's
 * @param documents what its files said beside that, for writing it again
 */
public record Model(
    Config config,
    Map<Role, Parameter> shared,
    List<Block> blocks,
    Tokenizer tokenizer,
    Lineage lineage,
    Documents documents) {
  /** A model that came without documents. */
  public Model(
      Config config,
      Map<Role, Parameter> shared,
      List<Block> blocks,
      Tokenizer tokenizer,
      Lineage lineage) {
    this(config, shared, blocks, tokenizer, lineage, Documents.NONE);
  }

  public Model {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(documents, "documents");
    shared = Collections.unmodifiableMap(new EnumMap<>(shared));
    blocks = List.copyOf(blocks);
    Set<Stack> needed =
        config.family().kind() == Family.Kind.ENCODER_DECODER
            ? EnumSet.allOf(Stack.class)
            : EnumSet.of(config.family().onlyStack());
    List<Stack> seen = blocks.stream().map(Block::stack).toList();
    if (!EnumSet.copyOf(needed).equals(Set.copyOf(seen)) || !sorted(seen)) {
      throw new IllegalArgumentException(
          "a "
              + config.family().modelType()
              + " needs at least one block of each of "
              + needed
              + ", in this order, and no other; got "
              + seen);
    }
  }

  private static boolean sorted(List<Stack> stacks) {
    return stacks.equals(stacks.stream().sorted().toList());
  }

  /** The stacks that it has, the encoder first. */
  public Set<Stack> stacks() {
    return EnumSet.copyOf(blocks.stream().map(Block::stack).toList());
  }

  /** The blocks of one stack, first to last. */
  public List<Block> blocks(Stack stack) {
    return blocks.stream().filter(block -> block.stack() == stack).toList();
  }

  /**
   * Hugging Face's name for a layer as the model now is: "model.layers.3.self_attn.q_proj".
   *
   * @param block its block's index in {@link #blocks()}, or -1 outside the blocks
   * @throws IllegalArgumentException if the family has no layer of that role there
   */
  public String layerName(Role role, int block) {
    Architecture names = Architecture.of(config.family());
    if (block < 0) {
      return names.layerName(role);
    }
    Stack stack = blocks.get(block).stack();
    int before = stack == Stack.ENCODER ? 0 : blocks(Stack.ENCODER).size();
    return names.layerName(config, role, stack, block - before);
  }

  /** The model as loaded or compressed, short: "dense", "magnitude 50% attention". */
  public String label() {
    return lineage.label();
  }

  /**
   * The id of the token that a masked model fills.
   *
   * @throws IllegalArgumentException if the tokenizer names none
   */
  public int maskId() {
    return tokenizer
        .maskId()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    lineage.name() + ": its tokenizer names no mask token"));
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
    return new Model(config, shared, replacement, tokenizer, lineage.then(step), documents);
  }

  /** The same model with other weights everywhere and one more step of lineage. */
  public Model with(Map<Role, Parameter> newShared, List<Block> newBlocks, Lineage.Step step) {
    return new Model(config, newShared, newBlocks, tokenizer, lineage.then(step), documents);
  }

  /** The same model with another history: the one that was saved with it. */
  Model withLineage(Lineage saved) {
    return new Model(config, shared, blocks, tokenizer, saved, documents);
  }
}
