package io.kerf.eval.lama;

import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Encoder-decoders as T5 was trained: a sentinel in the object's place, after an instruction, which
 * is usually that of The Cost of Compression (arXiv 2312.00960); the decoder is given the sentinel
 * and goes on with the object.
 */
final class SentinelPrompts implements Prompts {
  static final String INSTRUCTION = "Fill the blank with appropriate word: ";

  private final String instruction;
  private final Tokenizer tokenizer;
  private final Words words;
  private final Tokens first;

  SentinelPrompts(Model model, String instruction) {
    this.instruction = instruction;
    this.tokenizer = model.tokenizer();
    this.words = new Words(tokenizer);
    OptionalInt sentinel = tokenizer.id(sentinel(0));
    boolean read =
        sentinel.isPresent()
            && Arrays.stream(tokenizer.encode(sentinel(0), false))
                .anyMatch(id -> id == sentinel.getAsInt());
    if (!read) {
      throw new IllegalArgumentException(
          "LAMA asks an encoder-decoder by the sentinel "
              + sentinel(0)
              + ", which the tokenizer of "
              + model.lineage().name()
              + " does not read as one token");
    }
    this.first = Tokens.of(sentinel.getAsInt());
  }

  private static String sentinel(int index) {
    return "<extra_id_" + index + ">";
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public String refusal(Sentence sentence) {
    int blanks = sentence.blanks();
    return blanks == 0 ? "no_mask" : sentence.templated() && blanks > 1 ? "several_masks" : null;
  }

  @Override
  public String refusalOfFilled(Sentence sentence) {
    return refusal(sentence);
  }

  @Override
  public Blank blank(Sentence sentence) {
    String text = sentence.text();
    for (int i = 0; text.contains(sentence.mark()); i++) {
      int at = text.indexOf(sentence.mark());
      text = text.substring(0, at) + sentinel(i) + text.substring(at + sentence.mark().length());
    }
    String prompt = instruction + text;
    return new Written(prompt, Tokens.of(tokenizer.encode(prompt, true)));
  }

  private final class Written implements Blank {
    private final String text;
    private final Tokens context;

    Written(String text, Tokens context) {
      this.text = text;
      this.context = context;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public Place place() {
      return new Place.Decoded(context, first);
    }

    @Override
    public Scored spelled(String object) {
      Tokens tokens = words.tokens(object);
      return new Scored(
          List.of(new Request.Decoding(context, first, tokens)),
          tokens.size(),
          Normalisation.bytes(object));
    }

    /** The encoder has read what follows already, so that the object alone is scored. */
    @Override
    public Scored filled(String object) {
      return spelled(object);
    }
  }
}
