package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.GgufFile;
import io.kerf.format.TensorFlowBundle;
import io.kerf.format.WeightFile;
import io.kerf.format.ZipArchive;
import io.kerf.json.Json;
import io.kerf.json.JsonException;
import io.kerf.progress.ProgressListener;
import io.kerf.source.Fetched;
import io.kerf.source.Unpacked;
import io.kerf.text.Tokenizer;
import io.kerf.text.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Turns files into a model: configuration, weights by role, tokenizer and lineage. Weights are
 * mapped, not copied: at first only headers are read, and every byte once for the checksum.
 */
public final class ModelReader {
  private static final String VOCABULARY = "assets/vocab.txt";

  private ModelReader() {}

  /** Reads a model that lies here; see {@link #read(Path, ProgressListener)}. */
  public static Model read(Path path) {
    return read(path, ProgressListener.NONE);
  }

  /**
   * Reads a model that lies here.
   *
   * @param path a Hugging Face folder ({@code config.json}, weights, tokenizer), a GGUF file, or a
   *     jar that holds an archive of one of Google's BERT models
   * @param listener sees the checksum of large files, and the unpacking of an archive
   * @throws IllegalArgumentException if a file is missing, damaged, or of an architecture that we
   *     do not have
   */
  public static Model read(Path path, ProgressListener listener) {
    if (!Files.exists(path)) {
      throw new IllegalArgumentException(
          path + " does not exist; a model is a folder with config.json, or a .gguf file");
    }
    Path whole = path.toAbsolutePath().normalize();
    String name = String.valueOf(whole.getFileName());
    if (isJar(path)) {
      String sha256 = WeightsChecksum.of(List.of(path), name, listener);
      return archive(path, sha256, listener).model(name, whole.toString(), sha256);
    }
    Parts parts = parts(path);
    String sha256 = WeightsChecksum.of(parts.weights().files(), name, listener);
    return parts.model(name, whole.toString(), sha256);
  }

  /**
   * Reads a model that was fetched, and checked by that.
   *
   * @param listener sees the unpacking of an archive
   */
  public static Model read(Fetched fetched, ProgressListener listener) {
    Path path = fetched.path();
    Parts parts = isJar(path) ? archive(path, fetched.sha256(), listener) : parts(path);
    return parts.model(fetched.name(), fetched.origin(), fetched.sha256());
  }

  /** Reads the weights of a Hugging Face folder that has no tokenizer of its own. */
  public static Model read(Path folder, Tokenizer tokenizer) {
    Path whole = folder.toAbsolutePath().normalize();
    Parts parts = folder(folder, tokenizer);
    String name = String.valueOf(whole.getFileName());
    return parts.model(
        name,
        whole.toString(),
        WeightsChecksum.of(parts.weights().files(), name, ProgressListener.NONE));
  }

  private static boolean isJar(Path path) {
    return path.toString().endsWith(".jar") && Files.isRegularFile(path);
  }

  private static Parts parts(Path path) {
    if (Files.isDirectory(path)) {
      return folder(path, null);
    }
    if (path.toString().endsWith(".gguf")) {
      return gguf(GgufFile.open(path));
    }
    throw new IllegalArgumentException(
        path + " is not a model: expected a folder with config.json, or a .gguf file");
  }

  /**
   * @param tokenizer null for the folder's own
   */
  private static Parts folder(Path folder, Tokenizer tokenizer) {
    Path file = folder.resolve("config.json");
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          folder + " has no config.json: it is not the folder of a Hugging Face model");
    }
    HuggingFaceConfig config = new HuggingFaceConfig(Json.read(file));
    Architecture architecture = Architecture.of(config);
    WeightFile weights = WeightFile.open(folder);
    Blueprint blueprint = architecture.settled(blueprint(architecture, config), weights);
    return new Parts(
        blueprint,
        weights,
        architecture.spelling(blueprint.config()),
        tokenizer == null ? Tokenizers.read(folder) : tokenizer,
        Documents.read(folder),
        folder);
  }

  /** The blueprint; errors that only know the value get the file's name. */
  private static Blueprint blueprint(Architecture architecture, HuggingFaceConfig config) {
    try {
      return architecture.blueprint(config);
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(config.where() + ": " + e.getMessage(), e);
    }
  }

  private static Parts gguf(GgufFile file) {
    GgufArchitecture architecture = GgufArchitecture.of(file);
    Blueprint blueprint = architecture.blueprint(file);
    return new Parts(
        blueprint,
        file,
        architecture.spelling(blueprint.config()),
        Tokenizers.read(file),
        Documents.NONE,
        null);
  }

  private static Parts archive(Path jar, String sha256, ProgressListener listener) {
    Path archive = Unpacked.archiveIn(jar, sha256, listener);
    TensorFlowBundle bundle = TensorFlowBundle.open(ZipArchive.open(archive));
    Blueprint blueprint = GoogleBert.blueprint(bundle);
    return new Parts(
        blueprint,
        bundle,
        GoogleBert.spelling(blueprint.config()),
        vocabulary(archive),
        Documents.NONE,
        null);
  }

  private static Tokenizer vocabulary(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry(VOCABULARY);
      if (entry == null) {
        throw new FormatException(archive + " has no " + VOCABULARY + ", so no tokenizer");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return Tokenizers.wordPiece(text, archive + "!" + VOCABULARY);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + archive + ": " + e.getMessage(), e);
    }
  }

  /**
   * All that a model is made of, but where it came from.
   *
   * @param folder that Kerf may have written; null where it cannot have
   */
  private record Parts(
      Blueprint blueprint,
      WeightFile weights,
      Spelling spelling,
      Tokenizer tokenizer,
      Documents documents,
      Path folder) {
    Parts {
      int rows = blueprint.config().vocabulary();
      if (tokenizer.vocabularySize() > rows) {
        throw new FormatException(
            weights.name()
                + ": the tokenizer has "
                + tokenizer.vocabularySize()
                + " tokens and the token embedding "
                + rows
                + " rows: they are not of one model");
      }
    }

    Model model(String name, String origin, String sha256) {
      WeightReader reader = new WeightReader(weights, blueprint, spelling);
      String stored = reader.dequantized().isEmpty() ? "" : ", dequantized from ";
      Lineage own =
          new Lineage(
              name,
              origin + stored + String.join(" and ", reader.dequantized()),
              sha256,
              List.of());
      return new Model(
          blueprint.config(),
          reader.shared(),
          reader.blocks(),
          tokenizer,
          folder == null ? own : LineageFile.read(folder, sha256).orElse(own),
          documents);
    }
  }
}
