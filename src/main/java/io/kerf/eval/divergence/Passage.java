package io.kerf.eval.divergence;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Readout;
import io.kerf.engine.Session;
import io.kerf.engine.TokenTree;
import io.kerf.eval.Tokens;
import java.util.stream.IntStream;

/** What is read of a text in one go, and the positions at which predictions are compared. */
public sealed interface Passage {
  /** How many positions are compared. */
  int positions();

  /** The hidden states at these positions; the session must be of the passage's kind. */
  Readout read(Session session);

  /** What the model sees before the i-th position, of encoder-decoders what it has written. */
  Tokens before(int i);

  /** What really stands at the i-th position; -1 where the passage ends before it. */
  int truth(int i);

  /**
   * What a causal model reads: after every token it predicts the next.
   *
   * @param ids at least one
   */
  record Causal(Tokens ids) implements Passage {
    @Override
    public int positions() {
      return ids.size();
    }

    @Override
    public Readout read(Session session) {
      int[] all = IntStream.range(0, ids.size()).toArray();
      return ((DecoderSession) session).read(TokenTree.chain(ids.toArray()), all);
    }

    @Override
    public Tokens before(int i) {
      return ids.slice(0, i + 1);
    }

    @Override
    public int truth(int i) {
      return i + 1 < ids.size() ? ids.at(i + 1) : -1;
    }
  }

  /**
   * What a masked model reads: it predicts what is behind the masks.
   *
   * @param ids with special tokens and masks
   * @param masks where the masks are
   * @param hidden what they stand for
   */
  record Masked(Tokens ids, Tokens masks, Tokens hidden) implements Passage {
    public Masked {
      if (masks.size() != hidden.size()) {
        throw new IllegalArgumentException(
            masks.size() + " masks hide as many tokens, got " + hidden.size());
      }
    }

    @Override
    public int positions() {
      return masks.size();
    }

    @Override
    public Readout read(Session session) {
      return ((EncoderSession) session)
          .read(EncoderSession.Input.of(ids.toArray(), masks.toArray()));
    }

    @Override
    public Tokens before(int i) {
      return ids.slice(0, masks.at(i));
    }

    @Override
    public int truth(int i) {
      return hidden.at(i);
    }
  }

  /**
   * What an encoder-decoder reads and writes: its decoder predicts each token of what it writes.
   *
   * @param context what the encoder reads
   * @param written what the decoder is to write, without its start token
   */
  record Spans(Tokens context, Tokens written) implements Passage {
    @Override
    public int positions() {
      return written.size();
    }

    @Override
    public Readout read(Session session) {
      EncoderDecoderSession both = (EncoderDecoderSession) session;
      int[] all = IntStream.range(0, written.size()).toArray();
      return both.read(
          new EncoderDecoderSession.Input(
              context.toArray(), both.decoderInput(written.toArray()), all));
    }

    @Override
    public Tokens before(int i) {
      return written.slice(0, i);
    }

    @Override
    public int truth(int i) {
      return written.at(i);
    }
  }
}
