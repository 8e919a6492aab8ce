package io.kerf.model;

import static java.util.Map.entry;

import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What llama.cpp calls weights, whatever the architecture: "blk.3.attn_q.weight". */
final class GgufNames {
  private static final Pattern IN_BLOCK =
      Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)\\.(weight|bias)");
  private static final Pattern OUTSIDE = Pattern.compile("(\\w+)\\.(weight|bias)");

  /** Queries, keys and values in one tensor, one below the other. */
  private static final String FUSED = "attn_qkv";

  private static final Map<String, Role> BLOCK_ROLES =
      Map.ofEntries(
          entry("attn_norm", Role.ATTENTION_NORM),
          entry("attn_q", Role.QUERY),
          entry("attn_k", Role.KEY),
          entry("attn_v", Role.VALUE),
          entry("attn_q_norm", Role.QUERY_NORM),
          entry("attn_k_norm", Role.KEY_NORM),
          entry("attn_output", Role.OUTPUT),
          entry("ffn_norm", Role.FFN_NORM),
          entry("ffn_gate", Role.GATE),
          entry("ffn_up", Role.UP),
          entry("ffn_down", Role.DOWN));

  private static final Map<String, Role> SHARED_ROLES =
      Map.of(
          "token_embd", Role.TOKEN_EMBEDDING,
          "position_embd", Role.POSITION_EMBEDDING,
          "output_norm", Role.FINAL_NORM,
          "output", Role.HEAD);

  private GgufNames() {}

  /**
   * A stored tensor by Hugging Face's name.
   *
   * @param rows by role, turns what is stored into what is meant
   * @return the stored name itself where it is not one of ours, so that it is refused by its name
   */
  static List<Spelling.Weight> weights(
      Family family, String stored, Function<Role, UnaryOperator<Tensor>> rows) {
    Matcher outside = OUTSIDE.matcher(stored);
    if (outside.matches() && SHARED_ROLES.containsKey(outside.group(1))) {
      Role role = SHARED_ROLES.get(outside.group(1));
      return named(family, role, 0, outside.group(2), UnaryOperator.identity(), stored);
    }
    Matcher inside = IN_BLOCK.matcher(stored);
    if (!inside.matches()) {
      return Spelling.Weight.plain(stored);
    }
    int block = Integer.parseInt(inside.group(1));
    if (inside.group(2).equals(FUSED) && Architecture.of(family).modules().containsKey(Role.KEY)) {
      return Fused.thirds(
          part -> family.layerName(part, block), inside.group(3), UnaryOperator.identity());
    }
    Role role = BLOCK_ROLES.get(inside.group(2));
    return role == null
        ? Spelling.Weight.plain(stored)
        : named(family, role, block, inside.group(3), rows.apply(role), stored);
  }

  private static List<Spelling.Weight> named(
      Family family, Role role, int block, String kind, UnaryOperator<Tensor> view, String stored) {
    return Architecture.of(family).modules().containsKey(role)
        ? List.of(new Spelling.Weight(family.layerName(role, block) + "." + kind, view))
        : Spelling.Weight.plain(stored);
  }

  /** The fused tensor of a block: "blk.3.attn_qkv". */
  static String fused(int block) {
    return "blk." + block + "." + FUSED;
  }

  /**
   * What llama.cpp calls a layer, without ".weight".
   *
   * @param block its index, or -1 outside the blocks
   * @throws IllegalArgumentException if llama.cpp has no name for it
   */
  static String layer(Role role, int block) {
    return (block < 0 ? SHARED_ROLES : BLOCK_ROLES)
        .entrySet().stream()
            .filter(entry -> entry.getValue() == role)
            .map(entry -> (block < 0 ? "" : "blk." + block + ".") + entry.getKey())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("GGUF files have no name for " + role));
  }
}
