package io.kerf.text;

import io.kerf.format.GgufFile;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokenizers from the files that models come with. All of them encode a text whole: nothing is
 * truncated and nothing is padded.
 */
public final class Tokenizers {
  static final String DEFINITION = "tokenizer.json";

  private Tokenizers() {}

  /**
   * The tokenizer of a Hugging Face folder: {@code tokenizer.json}, else {@code vocab.txt}.
   *
   * @throws IllegalArgumentException if the folder has neither, or one that is broken
   */
  public static Tokenizer read(Path folder) {
    Path definition = folder.resolve(DEFINITION);
    if (Files.exists(definition)) {
      return new FastTokenizer(
          text(definition),
          definition.toString(),
          settings(folder),
          vocabulary -> SpecialTokens.read(folder, vocabulary));
    }
    Path words = folder.resolve("vocab.txt");
    if (Files.exists(words)) {
      Path settings = folder.resolve("tokenizer_config.json");
      Json lowercase =
          Files.exists(settings)
              ? Json.read(settings).at("do_lower_case")
              : Json.parse("{}", settings.toString()).at("do_lower_case");
      return lowercase.present() ? wordPiece(words, lowercase.bool()) : wordPiece(words);
    }
    throw new IllegalArgumentException(
        folder + " has no tokenizer: expected tokenizer.json or vocab.txt in it");
  }

  /**
   * BERT's tokenizer from its {@code vocab.txt}, one token a line. It is cased if any word in the
   * vocabulary has a capital letter, since an uncased one can never match such a word.
   */
  public static Tokenizer wordPiece(Path vocabularyFile) {
    return wordPiece(text(vocabularyFile), vocabularyFile.toString());
  }

  /** As {@link #wordPiece(Path)}, from the file's text; errors name it by its origin. */
  public static Tokenizer wordPiece(String vocabulary, String origin) {
    WordPieceVocabulary words = WordPieceVocabulary.of(vocabulary, origin);
    return words.tokenizer(!words.hasCapitals());
  }

  /**
   * BERT's tokenizer from its {@code vocab.txt}, one token a line.
   *
   * @param lowercase whether texts are put in lower case and stripped of accents first
   */
  public static Tokenizer wordPiece(Path vocabularyFile, boolean lowercase) {
    return WordPieceVocabulary.of(text(vocabularyFile), vocabularyFile.toString())
        .tokenizer(lowercase);
  }

  /** The tokenizer that a GGUF file carries. */
  public static Tokenizer read(GgufFile file) {
    return GgufVocabulary.of(file).tokenizer();
  }

  private static Map<String, String> settings(Path folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : SpecialTokens.FILES) {
      if (Files.exists(folder.resolve(name))) {
        settings.put(name, text(folder.resolve(name)));
      }
    }
    return settings;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
