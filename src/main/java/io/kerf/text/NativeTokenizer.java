package io.kerf.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.kerf.format.FormatException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * A tokenizer of the Rust library behind Hugging Face's, made from the text of a {@code
 * tokenizer.json}. Its few megabytes of native memory live as long as this object does.
 *
 * <p>It calls DJL's binding itself rather than DJL's own tokenizer class, which truncates by
 * default, reports to a telemetry server when one is made, and fetches nine arrays where one is
 * asked for.
 */
final class NativeTokenizer {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final TokenizersLibrary LIBRARY = load();

  private final long handle;
  private final String origin;

  NativeTokenizer(String tokenizerJson, String origin) {
    long created;
    try {
      created = LIBRARY.createTokenizerFromString(tokenizerJson);
    } catch (RuntimeException e) {
      throw new FormatException(
          origin + " is no tokenizer that the tokenizers library reads: " + e.getMessage(), e);
    }
    // A file may ask for padding or a limit for its own model's sake; what is measured here is not
    // cut behind its back.
    LIBRARY.disableTruncation(created);
    LIBRARY.disablePadding(created);
    handle = created;
    this.origin = origin;
    CLEANER.register(this, () -> LIBRARY.deleteTokenizer(created));
  }

  /** The native code comes from the jar; without this DJL downloads another where it sees CUDA. */
  private static TokenizersLibrary load() {
    if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
    LibUtils.checkStatus();
    return TokenizersLibrary.LIB;
  }

  int[] encode(String text, boolean addSpecialTokens) {
    return encoding(
        () -> LIBRARY.encode(handle, text, addSpecialTokens),
        e -> integers(LIBRARY.getTokenIds(e)));
  }

  Tokenizer.Pair encodePair(String first, String second) {
    return encoding(
        () -> LIBRARY.encodeDual(handle, first, second, true),
        e -> new Tokenizer.Pair(integers(LIBRARY.getTokenIds(e)), integers(LIBRARY.getTypeIds(e))));
  }

  Tokenizer.Pieces pieces(String text, boolean addSpecialTokens) {
    return encoding(
        () -> LIBRARY.encode(handle, text, addSpecialTokens),
        e -> {
          // A token that the post-processor put there has no span: it stands before the text.
          CharSpan[] spans = LIBRARY.getTokenCharSpans(e);
          return new Tokenizer.Pieces(
              integers(LIBRARY.getTokenIds(e)),
              List.of(LIBRARY.getTokens(e)),
              Arrays.stream(spans).mapToInt(s -> s == null ? 0 : s.getStart()).toArray(),
              Arrays.stream(spans).mapToInt(s -> s == null ? 0 : s.getEnd()).toArray());
        });
  }

  String decode(int[] ids, boolean skipSpecialTokens) {
    try {
      return LIBRARY.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    } catch (RuntimeException e) {
      throw refused("decode tokens", e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private <R> R encoding(LongSupplier encode, LongFunction<R> read) {
    long encoding;
    try {
      encoding = encode.getAsLong();
    } catch (RuntimeException e) {
      throw refused("encode a text", e);
    }
    try {
      return read.apply(encoding);
    } catch (ArithmeticException e) { // the library's are unsigned, and a template may hold any
      throw new FormatException(
          origin + " gives a token an id or a segment of 2^31 or more, past any vocabulary", e);
    } finally {
      LIBRARY.deleteEncoding(encoding);
      Reference.reachabilityFence(this);
    }
  }

  /** Some definitions are found wanting only by a text: one without an unknown token, say. */
  private FormatException refused(String work, RuntimeException cause) {
    return new FormatException(
        origin + " defines a tokenizer that cannot " + work + ": " + cause.getMessage(), cause);
  }

  private static int[] integers(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }
}
