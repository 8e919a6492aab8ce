package io.kerf.source;

import java.nio.file.Path;

/**
 * A model of the hub that lies on this machine.
 *
 * @param name as a user names it: "org/name"
 * @param path its folder, or its GGUF file; links may lead out of the folder to where the bytes are
 * @param origin where it comes from: repository, revision and commit, in words
 */
public record HubSnapshot(String name, Path path, String origin) {}
