package io.kerf.text;

import io.kerf.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The one tokenizer: whatever a model's files are, they are first put as a {@code tokenizer.json},
 * which the Rust library then runs.
 */
final class FastTokenizer implements Tokenizer {
  private final NativeTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final SpecialTokens special;
  private final String sha256;
  private final Map<String, String> files;

  /**
   * @param tokenizerJson the whole definition
   * @param origin how errors name it
   * @param settings the other files that go with it, by name
   * @param special which tokens have a special part, given the vocabulary
   */
  FastTokenizer(
      String tokenizerJson,
      String origin,
      Map<String, String> settings,
      Function<Vocabulary, SpecialTokens> special) {
    Json definition = Json.parse(tokenizerJson, origin);
    CheckedDefinition.check(definition);
    this.vocabulary = Vocabulary.of(definition);
    this.tokenizer = new NativeTokenizer(tokenizerJson, origin);
    this.special = special.apply(vocabulary);
    this.sha256 = sha256(tokenizerJson);
    Map<String, String> all = new LinkedHashMap<>();
    all.put(Tokenizers.DEFINITION, tokenizerJson);
    all.putAll(settings);
    this.files = Collections.unmodifiableMap(all);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The native code ends the whole process where it is handed a null. */
  private static String given(String text) {
    return Objects.requireNonNull(text, "text");
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return tokenizer.encode(given(text), addSpecialTokens);
  }

  @Override
  public Pair encodePair(String first, String second) {
    return tokenizer.encodePair(given(first), given(second));
  }

  @Override
  public Pieces pieces(String text, boolean addSpecialTokens) {
    return tokenizer.pieces(given(text), addSpecialTokens);
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return tokenizer.decode(Objects.requireNonNull(ids, "ids"), skipSpecialTokens);
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt maskId() {
    return vocabulary.id(special.mask());
  }

  @Override
  public OptionalInt unknownId() {
    return vocabulary.id(special.unknown());
  }

  @Override
  public OptionalInt bosId() {
    return vocabulary.id(special.bos());
  }

  @Override
  public OptionalInt eosId() {
    return vocabulary.id(special.eos());
  }

  @Override
  public OptionalInt padId() {
    return vocabulary.id(special.pad());
  }

  @Override
  public Set<Integer> specialIds() {
    Set<Integer> all = new TreeSet<>(Tokenizer.super.specialIds());
    all.addAll(vocabulary.marked());
    return Collections.unmodifiableSet(all);
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public Map<String, String> files() {
    return files;
  }
}
