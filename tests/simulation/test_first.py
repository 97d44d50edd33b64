from .runs import play

def test_x():
    o = play(1)
    print(o)
    import time
    t=time.time()
    for s in range(100):
        o = play(s)
        if o.wrong: print(o); break
    print(s, time.time()-t)
