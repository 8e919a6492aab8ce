package io.kerf.rows;

import io.kerf.mutation.ByteMutations;
import io.kerf.mutation.MutationRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of rows: every row of one that opens is read. */
class RowsMutationTest {
  private static final int TAIL = 1200; // where a small Parquet file keeps what it says of itself

  @TempDir Path folder;

  @Test
  void parquet() throws IOException {
    List<byte[]> valid = contents(".parquet");
    run("parquet", "r.parquet", random -> ByteMutations.of(any(valid, random), random));
  }

  /** Only the footer is damaged, so that what it says differs from what there is. */
  @Test
  void parquetFooters() throws IOException {
    List<byte[]> valid = contents(".parquet");
    run(
        "parquet footer",
        "r.parquet",
        random -> {
          byte[] bytes = any(valid, random).clone();
          for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = bytes.length - 1 - random.nextInt(Math.min(TAIL, bytes.length));
            bytes[at] = (byte) random.nextInt(256);
          }
          return bytes;
        });
  }

  @Test
  void csv() throws IOException {
    List<byte[]> valid = contents(".csv");
    run("csv", "r.csv", random -> ByteMutations.of(any(valid, random), random));
  }

  @Test
  void jsonLines() throws IOException {
    List<byte[]> valid = contents(".jsonl");
    run("jsonl", "r.jsonl", random -> ByteMutations.of(any(valid, random), random));
  }

  @Test
  void jsonArrays() throws IOException {
    List<byte[]> valid = contents("array.json");
    run("json array", "r.json", random -> ByteMutations.of(any(valid, random), random));
  }

  /** Damaged before they are zipped, or after. */
  @Test
  void zippedCsv() throws IOException {
    List<byte[]> valid = contents(".csv");
    run(
        "csv.gz",
        "r.csv.gz",
        random ->
            random.nextBoolean()
                ? zipped(ByteMutations.of(any(valid, random), random))
                : ByteMutations.of(zipped(any(valid, random)), random));
  }

  private static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] any(List<byte[]> files, Random random) {
    return files.get(random.nextInt(files.size()));
  }

  private static List<byte[]> contents(String ending) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : RowsGoldenTest.files(ending)) {
      contents.add(Files.readAllBytes(file));
    }
    return contents;
  }

  private void run(String reader, String name, MutationRun.Mutation mutation) throws IOException {
    Reading reading = name.contains(".csv") ? Reading.all().typed() : Reading.all();
    MutationRun.of(
        reader, folder.resolve(name), mutation, file -> DataSet.of(file).read(reading).rows());
  }
}
