package io.kerf.eval;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.IdentityHashMap;
import java.util.Map;

/** Hashes of what is asked: of the tokens that the model reads and of all that its answer is of. */
final class AnswerKeys {
  private final MessageDigest digest = AnswerKey.sha256();
  private final Map<Candidates, AnswerKey> candidates =
      new IdentityHashMap<>(); // tens of thousands of ids

  /**
   * The key of a request that needs no tokenizer.
   *
   * @throws IllegalArgumentException if it is in text
   */
  AnswerKey of(Request part) {
    if (part instanceof Request.Continuation continuation) {
      digest.update((byte) 'c');
      add(continuation.given(), continuation.scored());
    } else if (part instanceof Request.Decoding decoding) {
      digest.update((byte) 'd');
      add(decoding.context(), decoding.given(), decoding.scored());
    } else if (part instanceof Request.Cloze cloze) {
      AnswerKey among =
          candidates.computeIfAbsent(cloze.candidates(), some -> of(Tokens.of(some.toArray())));
      add(cloze.place());
      ByteBuffer rest = ByteBuffer.allocate(4 + AnswerKey.BYTES).putInt(cloze.object());
      among.write(rest);
      digest.update(rest.flip());
      add(cloze.alternatives());
    } else {
      throw new IllegalArgumentException("only requests in tokens are kept, got " + part);
    }
    return AnswerKey.of(digest);
  }

  private static AnswerKey of(Tokens tokens) {
    MessageDigest own = AnswerKey.sha256();
    own.update(bytes(tokens));
    return AnswerKey.of(own);
  }

  private void add(Place place) {
    if (place instanceof Place.Masked masked) {
      digest.update((byte) 'm');
      add(masked.ids(), masked.segments(), Tokens.of(masked.position()));
    } else if (place instanceof Place.After after) {
      digest.update((byte) 'a');
      add(after.ids());
    } else {
      digest.update((byte) 'e');
      add(((Place.Decoded) place).context(), ((Place.Decoded) place).given());
    }
  }

  private void add(Tokens... all) {
    for (Tokens tokens : all) {
      digest.update(bytes(tokens));
    }
  }

  /** Their number first, so that no two lists run into each other. */
  private static ByteBuffer bytes(Tokens tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * tokens.size()).putInt(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      bytes.putInt(tokens.at(i));
    }
    return bytes.flip();
  }
}
