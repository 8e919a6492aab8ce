package io.kerf.source;

import io.kerf.progress.Progress;
import java.nio.file.Path;

/** Brings one model's file from its origin. */
interface Fetcher {
  /** Where the file lies once it is here. */
  Path target();

  /**
   * Downloads the file; whoever calls checks it and moves it to its target.
   *
   * @param staging an empty folder to work in, removed afterwards
   * @param progress told the bytes that have come
   * @return the file, in the staging folder
   * @throws FetchException if it cannot be had
   * @throws io.kerf.progress.Interrupted if this thread is interrupted
   */
  Path download(Path staging, Progress progress);
}
