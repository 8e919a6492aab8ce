package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.GgufFile;
import io.kerf.format.GgufValue;

/**
 * A GGUF file's metadata about its model, whose keys begin with the architecture's name.
 *
 * @param architecture "llama"
 */
record GgufMetadata(GgufFile file, String architecture) {
  /** The value of "llama.block_count" by "block_count". */
  GgufValue at(String key) {
    return file.metadata(architecture + "." + key);
  }

  int integer(String key) {
    return at(key).integer();
  }

  int integer(String key, int absent) {
    return at(key).optional().map(GgufValue::integer).orElse(absent);
  }

  /** A number that was written as float32, as it was meant. */
  double number(String key) {
    return shortest(at(key).number());
  }

  double number(String key, double absent) {
    return at(key).optional().map(value -> shortest(value.number())).orElse(absent);
  }

  /** Fails unless the key has the one value that our forward pass computes, or is left out. */
  void only(String key, int supported) {
    if (integer(key, supported) != supported) {
      throw new FormatException(
          at(key).where() + " must be " + supported + ", the only one supported; was " + at(key));
    }
  }

  /** Rows of the token embedding: as told, else as many as the vocabulary has tokens. */
  int vocabulary() {
    return integer("vocab_size", file.metadata("tokenizer.ggml.tokens").texts().size());
  }

  /** The width of a head: as told, for keys and values alike, else an equal share. */
  int headWidth(int width, int heads) {
    GgufValue length = at("attention.key_length");
    if (length.present()) {
      only("attention.value_length", length.integer());
      return length.integer();
    }
    if (heads <= 0 || width % heads != 0) {
      throw new FormatException(
          at("attention.head_count").where()
              + " must divide "
              + architecture
              + ".embedding_length "
              + width
              + ", was "
              + heads);
    }
    return width / heads;
  }

  Config.SpecialIds specialIds() {
    return new Config.SpecialIds(token("bos"), token("eos"), token("padding"));
  }

  private int token(String name) {
    GgufValue id = file.metadata("tokenizer.ggml." + name + "_token_id");
    return id.optional().map(GgufValue::integer).orElse(-1);
  }

  /** The shortest decimal of a float32: what was meant by 9.999999747378752E-6 is 1E-5. */
  static double shortest(double float32) {
    return Double.parseDouble(Float.toString((float) float32));
  }
}
