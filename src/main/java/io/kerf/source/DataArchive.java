package io.kerf.source;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * A ZIP archive of data at an address: downloaded once, checked by its SHA-256, and unpacked into
 * Kerf's folder, from where it needs no network.
 *
 * <p>A download that breaks off goes on where it stopped, the next time too. Nothing is unpacked
 * before the hash is right, and no entry is written outside its folder.
 *
 * @param address http or https
 * @param sha256 of the archive, 64 hexadecimal digits
 */
public record DataArchive(URI address, String sha256) {
  public DataArchive {
    String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https") || address.getHost() == null) {
      throw new IllegalArgumentException(
          "an archive is downloaded from an http or https address, was '" + address + "'");
    }
    if (address.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address of an archive must be one without a user's name or password in it");
    }
    sha256 = sha256.strip().toLowerCase(Locale.ROOT);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "the sha256 of an archive must be 64 hexadecimal digits, was '" + sha256 + "'");
    }
  }

  /**
   * The folder with the archive's files, downloaded and unpacked if it is not here yet.
   *
   * @throws FetchException if it cannot be had, is not the expected one, or holds what must not be
   *     unpacked
   * @throws Interrupted if this thread is interrupted; what came is kept
   */
  public Path fetch(ProgressListener listener) {
    return fetch(Cache.ofUser(), Patience.usual(), ArchiveLimits.USUAL, listener);
  }

  Path fetch(Cache cache, Patience patience, ArchiveLimits limits, ProgressListener listener) {
    Path folder = cache.root().resolve("data").resolve(sha256);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    String work = "Downloading " + name();
    try (Progress progress = listener.start(work, 0, "bytes");
        ModelLock lock =
            ModelLock.acquire(
                cache.lock("data-" + sha256),
                work,
                () -> progress.note("waiting for another process that downloads it"))) {
      if (!Files.isDirectory(folder)) { // no other brought it
        bring(cache, folder, patience, limits, progress);
      }
      return folder;
    } catch (InterruptedException e) {
      throw new Interrupted(work + " was interrupted");
    } catch (IOException e) {
      throw new FetchException(
          "cannot write to Kerf's folder "
              + cache.root()
              + " ("
              + e
              + "); set KERF_HOME to a folder that can be written and has room",
          e);
    }
  }

  private void bring(
      Cache cache, Path folder, Patience patience, ArchiveLimits limits, Progress progress)
      throws IOException, InterruptedException {
    Files.createDirectories(folder.getParent());
    Path part = folder.resolveSibling(sha256 + ".part");
    boolean afresh = !Files.exists(part);
    ArchiveDownload download =
        new ArchiveDownload(HubHttp.of(address, patience), address, name(), limits, progress);
    download.fill(part);
    while (!isRight(part, afresh)) {
      afresh = true;
      download.fill(part);
    }
    progress.note("unpacking");
    String staging = "data-" + sha256;
    try {
      Path unpacked = Archive.unpack(part, name(), cache.freshStaging(staging), limits);
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      cache.deleteStaging(staging);
    }
    Files.delete(part);
  }

  /**
   * Whether the part is the archive; another one is thrown away.
   *
   * @param afresh whether all of it came now, so that there is no use in trying again
   */
  private boolean isRight(Path part, boolean afresh) throws IOException {
    String seen = CheckedFiles.hash(CheckedFiles.digest("SHA-256"), part, bytes -> {});
    if (seen.equals(sha256)) {
      return true;
    }
    Files.delete(part);
    if (afresh) {
      throw new FetchException(
          name()
              + " from "
              + HubEndpoint.host(address)
              + " has sha256 "
              + seen
              + ", expected "
              + sha256
              + "; it was thrown away: check the address and the sha256");
    }
    return false;
  }

  /** The last part of the address's path. */
  private String name() {
    String path = address.getPath() == null ? "" : address.getPath().replaceAll("/+$", "");
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.isEmpty() ? "the archive" : last;
  }
}
