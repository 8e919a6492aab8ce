package io.kerf.eval;

import java.util.Objects;

/** Where in a text a model's prediction of one token is read. */
public sealed interface Place {
  /** What the model reads of the text. */
  Tokens ids();

  /** After or at which of the tokens that the predicting stack reads, from 0. */
  int position();

  /**
   * A mask, as masked models fill it.
   *
   * @param ids the sequence with its special tokens and the mask
   * @param segments as many as ids
   * @param position of the mask, in [0, T)
   */
  record Masked(Tokens ids, Tokens segments, int position) implements Place {
    public Masked {
      Objects.checkIndex(position, ids.size());
      if (segments.size() != ids.size()) {
        throw new IllegalArgumentException(
            ids.size() + " ids need as many segments, got " + segments.size());
      }
    }
  }

  /**
   * What comes next, as causal models say it.
   *
   * @param ids at least one
   */
  record After(Tokens ids) implements Place {
    public After {
      if (ids.isEmpty()) {
        throw new IllegalArgumentException(
            "nothing is predicted after no token: give at least bos");
      }
    }

    @Override
    public int position() {
      return ids.size() - 1;
    }
  }

  /**
   * What an encoder-decoder writes next.
   *
   * @param context what the encoder reads, at least one token
   * @param given what the decoder has written after its start token; may be empty
   */
  record Decoded(Tokens context, Tokens given) implements Place {
    public Decoded {
      if (context.isEmpty()) {
        throw new IllegalArgumentException("an encoder reads at least one token, got none");
      }
      Objects.requireNonNull(given, "given");
    }

    @Override
    public Tokens ids() {
      return context;
    }

    @Override
    public int position() {
      return given.size();
    }
  }
}
