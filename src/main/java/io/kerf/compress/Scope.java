package io.kerf.compress;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import io.kerf.name.Names;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which weight matrices a cut touches; the same in every architecture. Biases and norms belong to
 * no scope, nor do BERT's dense layer before the head, ALBERT's projection of its embeddings and
 * T5's biases by distance.
 */
public enum Scope {
  /** Attention's query, key and value projections, those to the encoder's output too. */
  QKV(
      EnumSet.of(
          Role.QUERY, Role.KEY, Role.VALUE, Role.CROSS_QUERY, Role.CROSS_KEY, Role.CROSS_VALUE)),
  /** All of attention's projections: query, key, value and output, in both stacks and across. */
  ATTENTION(roles(Role::isAttention)),
  /** The feed-forward projections: gate where there is one, up and down. */
  FFN(roles(Role::isFeedForward)),
  /** Every linear layer inside the blocks: attention and feed-forward. */
  ALL(roles(Role::isBlockLinear)),
  /** The projections of attention within an encoder. */
  ENCODER_ATTENTION(roles(Role::isSelfAttention), Stack.ENCODER),
  /** The projections of attention within a decoder. */
  DECODER_ATTENTION(roles(Role::isSelfAttention), Stack.DECODER),
  /** The projections of a decoder's attention to the encoder's output. */
  CROSS_ATTENTION(roles(Role::isCrossAttention)),
  /**
   * The projection to the vocabulary. Where it is the token embedding, cutting it gives the head a
   * matrix of its own and leaves the embedding as it is, unless {@link #EMBEDDINGS} is named too.
   */
  HEAD(EnumSet.of(Role.HEAD)),
  /**
   * The token, position and segment embeddings. Where the token embedding is also the head, the
   * head keeps the uncut matrix as its own, unless {@link #HEAD} is named too.
   */
  EMBEDDINGS(EnumSet.of(Role.TOKEN_EMBEDDING, Role.POSITION_EMBEDDING, Role.SEGMENT_EMBEDDING));

  private final Set<Role> roles;
  private final Stack stack; // null for any

  Scope(Set<Role> roles) {
    this(roles, null);
  }

  Scope(Set<Role> roles, Stack stack) {
    this.roles = roles;
    this.stack = stack;
  }

  private static Set<Role> roles(Predicate<Role> which) {
    return EnumSet.copyOf(Arrays.stream(Role.values()).filter(which).toList());
  }

  /** Whether weights of that role are in this scope, in one stack at least. */
  public boolean contains(Role role) {
    return roles.contains(role);
  }

  /**
   * Whether weights of that role in that stack are in this scope.
   *
   * @param where the stack of their block, or null outside the blocks
   */
  public boolean contains(Role role, Stack where) {
    return roles.contains(role) && (stack == null || stack == where);
  }

  /**
   * How much of a model's blocks it is: the share of their linear layers' weights, in [0, 1].
   * Blocks that share weights count them once each.
   */
  public double shareOf(Model model) {
    double inside = 0;
    double all = 0;
    for (Block block : model.blocks()) {
      for (var entry : block.parameters().entrySet()) {
        if (entry.getKey().isBlockLinear()) {
          double elements = entry.getValue().elements();
          all += elements;
          inside += contains(entry.getKey(), block.stack()) ? elements : 0;
        }
      }
    }
    return all == 0 ? 0 : inside / all;
  }

  /** "attention": for labels, and what {@link #named} reads. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The scope of that label, in whatever case.
   *
   * @throws io.kerf.name.UnknownNameException if there is none, with what may have been meant
   */
  public static Scope named(String label) {
    for (Scope scope : values()) {
      if (scope.label().equals(label.toLowerCase(Locale.ROOT))) {
        return scope;
      }
    }
    throw Names.unknown("scope", label, labels());
  }

  private static List<String> labels() {
    return Arrays.stream(values()).map(Scope::label).toList();
  }

  /** Those scopes once each, in the order of this enumeration. */
  static List<Scope> distinct(Collection<Scope> scopes) {
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException("name at least one scope: " + String.join(", ", labels()));
    }
    return List.copyOf(EnumSet.copyOf(scopes));
  }

  /** "qkv+head": several scopes in one word. */
  public static String label(Collection<Scope> scopes) {
    return scopes.stream().map(Scope::label).collect(Collectors.joining("+"));
  }

  /** " attention" to follow a method's name in a label, nothing for {@link #ALL}. */
  static String suffix(Collection<Scope> scopes) {
    return Set.copyOf(scopes).equals(Set.of(ALL)) ? "" : " " + label(scopes);
  }
}
