package io.kerf.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes small files of llama2.c: weights of given sizes, and a tokenizer. */
public final class Llama2cBytes {
  private Llama2cBytes() {}

  /**
   * Random weights.
   *
   * @param sizes dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size (negative for a head of
   *     its own), seq_len
   */
  public static byte[] weights(long seed, int... sizes) {
    LittleEndian out = new LittleEndian();
    for (int size : sizes) {
      out.int32(size);
    }
    int dim = sizes[0];
    int hidden = sizes[1];
    int layers = sizes[2];
    int head = dim / sizes[3];
    int keys = head * sizes[4];
    int vocabulary = Math.abs(sizes[5]);
    Random random = new Random(seed);
    values(out, random, vocabulary * dim);
    values(out, random, layers * dim);
    values(out, random, layers * dim * dim);
    values(out, random, layers * keys * dim);
    values(out, random, layers * keys * dim);
    values(out, random, layers * dim * dim);
    values(out, random, layers * dim);
    values(out, random, 3 * layers * hidden * dim);
    values(out, random, dim);
    values(out, random, sizes[6] * (head / 2) * 2);
    values(out, random, sizes[5] < 0 ? vocabulary * dim : 0);
    return out.toBytes();
  }

  private static void values(LittleEndian out, Random random, int count) {
    for (int i = 0; i < count; i++) {
      out.float32((float) random.nextGaussian() / 2);
    }
  }

  /** A tokenizer of the control tokens, the bytes and these, the first of these merged last. */
  public static byte[] vocabulary(List<String> more) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    for (int value = 0; value < 256; value++) {
      tokens.add("<0x%02X>".formatted(value));
    }
    int fixed = tokens.size();
    tokens.addAll(more);
    LittleEndian out = new LittleEndian().int32(16);
    for (int id = 0; id < tokens.size(); id++) {
      byte[] text = tokens.get(id).getBytes(StandardCharsets.UTF_8);
      out.float32(id < fixed ? 0 : id - fixed - more.size()).int32(text.length).bytes(text);
    }
    return out.toBytes();
  }
}
