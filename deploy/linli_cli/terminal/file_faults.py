"""What an operating system says of a file, a directory or a port, in the language that is spoken."""

import errno

from linli_cli.terminal.language import chinese

_CHINESE = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许这样做",
    errno.EISDIR: "这是一个目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "已超出磁盘配额",
    errno.EROFS: "文件系统是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "读写出错",
    errno.EBUSY: "正在使用",
    errno.ELOOP: "符号链接绕成了圈",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "没有这个地址",
}


def of_file(error: OSError) -> str:
    """`No such file or directory`, `没有这个文件或目录`; what has no Chinese here says its number."""
    if chinese() and error.errno is not None:
        return _CHINESE.get(error.errno, f"系统错误 {error.errno}")
    return error.strerror or str(error)
