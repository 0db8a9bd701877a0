import Glibc

/// From now on the disk beneath the open file is full: its descriptor leads to `/dev/full`.
func fillDisk(under path: String) {
    var wanted = stat()
    stat(path, &wanted)
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    for descriptor in Int32(3)..<1024 where descriptor != full {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_ino == wanted.st_ino, status.st_dev == wanted.st_dev {
            dup2(full, descriptor)
        }
    }
}
