#pragma once

// Macros of <X11/Xlib.h> and of older Unix headers that could collide with a C++ name.
#define Above 0
#define Always 2
#define Below 1
#define Bool int
#define Complex 0
#define Convex 2
#define CurrentTime 0L
#define DestroyAll 0
#define Expose 12
#define False 0
#define FocusIn 9
#define FocusOut 10
#define IsViewable 2
#define None 0L
#define Opposite 4
#define Status int
#define Success 0
#define True 1
#define Unsorted 0

// <complex.h>
#define I 1.0fi

// <sys/param.h>, <sys/sysmacros.h>, <sys/queue.h>
#define isset(a, i) ((a)[(i) / 8] & (1 << ((i) % 8)))
#define howmany(x, y) (((x) + ((y)-1)) / (y))
#define major(dev) gnu_dev_major(dev)
#define makedev(maj, min) gnu_dev_makedev(maj, min)
#define minor(dev) gnu_dev_minor(dev)
#define roundup(x, y) ((((x) + ((y)-1)) / (y)) * (y))
#define setbit(a, i) ((a)[(i) / 8] |= 1 << ((i) % 8))

// Defined by the compiler outside of strict standard modes.
#undef linux
#undef unix
#define linux 1
#define unix 1
