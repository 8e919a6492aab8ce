package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Session;
import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * What one use of a model is, for its bill: a causal model reads a prompt and goes on with it, an
 * encoder-decoder reads one and answers it, a masked model fills one mask. Of a text's content the
 * time depends little, of its length all the more.
 *
 * @param promptTokens that are read, special tokens of a masked model among them
 * @param newTokens that are written, whatever they are; 1 for a masked model
 */
public record Query(int promptTokens, int newTokens) {
  private static final int PROMPT = 128;

  public Query {
    if (promptTokens < 1 || newTokens < 1) {
      throw new IllegalArgumentException(
          "a query reads at least 1 token and writes at least 1, was "
              + promptTokens
              + " and "
              + newTokens);
    }
  }

  /** 128 tokens read; 32 written by a causal model, 16 by an encoder-decoder, one mask filled. */
  public static Query usual(Family.Kind kind) {
    return switch (kind) {
      case CAUSAL -> new Query(PROMPT, 32);
      case MASKED -> new Query(PROMPT, 1);
      case ENCODER_DECODER -> new Query(PROMPT, 16);
    };
  }

  /** "128 tokens read, 32 written". */
  public String described() {
    return promptTokens + " tokens read, " + newTokens + " written";
  }

  /**
   * Floating-point operations that such a query needs, a multiplication and an addition being two:
   * of linear layers, attention and the head.
   */
  public double operations(Model model) {
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      CrossCost cost = CrossCost.of(model);
      return cost.encoded(promptTokens)
          + cost.decoded(newTokens, promptTokens)
          + cost.perScored() * newTokens;
    }
    Cost cost = Cost.of(model);
    return model.config().family().kind() == Family.Kind.MASKED
        ? cost.bidirectional(promptTokens) + cost.perScored()
        : cost.causal(promptTokens + newTokens - 1) + cost.perScored() * newTokens;
  }

  /**
   * So many prompts out of a text, its windows in order, from the beginning again where it ends.
   *
   * @throws IllegalArgumentException if such a query cannot be asked of that model
   */
  public List<int[]> prompts(Model model, SourceText text, int count) {
    requireFits(model);
    boolean masked = model.config().family().kind() == Family.Kind.MASKED;
    Frame frame = masked ? Frame.of(model.tokenizer()) : Frame.NONE;
    int size = promptTokens - frame.size();
    Tokens all = Tokens.of(model.tokenizer().encode(text.text(), false));
    if (size < 1 || all.size() < size) {
      throw new IllegalArgumentException(
          text.name() + " has " + all.size() + " tokens, a query reads " + promptTokens);
    }
    int windows = all.size() / size;
    List<int[]> prompts = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      int from = q % windows * size;
      int[] prompt = frame.around(all.slice(from, from + size)).toArray();
      if (masked) {
        prompt[middle(prompt)] = model.maskId();
      }
      prompts.add(prompt);
    }
    return prompts;
  }

  private static int middle(int[] prompt) {
    return prompt.length / 2;
  }

  private void requireFits(Model model) {
    Family.Kind kind = model.config().family().kind();
    if (kind == Family.Kind.MASKED && newTokens != 1) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is a masked model: a query fills one mask, was to write "
              + newTokens
              + " tokens; ask queries("
              + promptTokens
              + ", 1)");
    }
    int positions = promptTokens + (kind == Family.Kind.CAUSAL ? newTokens - 1 : 0);
    int most = model.config().maxPositions();
    if (kind != Family.Kind.ENCODER_DECODER && positions > most) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " reads "
              + most
              + " tokens at once, a query ("
              + described()
              + ") needs "
              + positions
              + "; ask shorter ones, queries("
              + Math.max(1, most / 2)
              + ", "
              + (kind == Family.Kind.MASKED ? 1 : Math.max(1, most / 4))
              + ")");
    }
  }

  /** Asks it, of a session of that kind of model. */
  public void ask(Session session, int[] prompt) {
    if (session instanceof DecoderSession decoder) {
      decoder.generate(prompt, newTokens, false);
    } else if (session instanceof EncoderDecoderSession both) {
      both.generate(prompt, newTokens, false);
    } else {
      ((EncoderSession) session).logits(List.of(EncoderSession.Input.of(prompt, middle(prompt))));
    }
  }

  /**
   * Operations that training needs: of each example a pass forward and two backward (arXiv
   * 2001.08361), with its attention.
   *
   * @param examples how many are read
   * @param recomputed whether blocks run forward twice, as gradient checkpointing has it
   * @see #readingOperations
   */
  public static double trainingOperations(
      Model model, long examples, int tokens, int labels, boolean recomputed) {
    return examples * readingOperations(model, tokens, labels) * (recomputed ? 4 : 3);
  }

  /**
   * Operations that an example needs of a model that only reads it: a teacher.
   *
   * @param tokens that it has; of an encoder-decoder those that its encoder reads
   * @param labels that it has; of a causal model as many as tokens
   */
  public static double readingOperations(Model model, int tokens, int labels) {
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      CrossCost cost = CrossCost.of(model);
      return cost.encoded(tokens) + cost.decoded(labels, tokens) + cost.perScored() * labels;
    }
    Cost cost = Cost.of(model);
    boolean masked = model.config().family().kind() == Family.Kind.MASKED;
    double read = masked ? cost.bidirectional(tokens) : cost.causal(tokens);
    return read + cost.perScored() * labels;
  }
}
